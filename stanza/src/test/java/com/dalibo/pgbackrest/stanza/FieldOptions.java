package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration;
import com.dalibo.pgbackrest.stanza.api.StanzaSpec;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.RepositoryOptions;
import com.dalibo.pgbackrest.stanza.options.Setting;
import com.dalibo.pgbackrest.stanza.options.StanzaOptions;
import com.google.gson.JsonObject;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which options of pgBackRest a field sets, found by leaving it out of an example that has all.
final class FieldOptions {
  static final Path EXAMPLE = Path.of("src/test/resources/rendering/everything/stanza.yaml");

  private FieldOptions() {}

  /// Options of repositories as pgBackRest's documentation spells them: `repo-s3-bucket`.
  static Set<String> of(Fields.Field field) {
    var whole = example();
    var left = new TreeSet<>(lines(whole));
    left.removeAll(lines(without(whole, List.of(field.path().replace("[]", "").split("\\.")))));
    return left.stream()
        .map(line -> line.substring(0, line.indexOf('=')).replaceFirst("^repo[0-9]+-", "repo-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static StanzaConfiguration example() {
    try {
      JsonObject json = Documents.one(EXAMPLE);
      return ApiReader.strict().read(json, Stanza.class).spec().stanzaConfiguration();
    } catch (ApiReader.UnreadableException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> lines(StanzaConfiguration configuration) {
    var lines = new TreeSet<String>();
    lines.add("stanza=" + configuration.name());
    StanzaOptions.settings(configuration).forEach(setting -> lines.add(line("", setting)));
    for (var repository : Repositories.of(new StanzaSpec(configuration, null, null))) {
      var prefix = "repo" + repository.index() + "-";
      RepositoryOptions.settings(repository, InstancePaths.VOLUMES)
          .forEach(setting -> lines.add(line(prefix, setting)));
    }
    return lines;
  }

  private static String line(String prefix, Setting setting) {
    return prefix + setting.option() + "=" + setting;
  }

  private static <T extends Record> T without(T example, List<String> path) {
    var components = example.getClass().getRecordComponents();
    var values =
        Arrays.stream(components)
            .map(
                component ->
                    ApiReader.isInline(component)
                        ? without((Record) value(example, component), path)
                        : component.getName().equals(path.getFirst())
                            ? changed(component, value(example, component), path)
                            : value(example, component))
            .toArray();
    try {
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      @SuppressWarnings("unchecked")
      var copy = (T) example.getClass().getDeclaredConstructor(types).newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object changed(RecordComponent component, Object value, List<String> path) {
    if (value == null) {
      return null;
    }
    if (path.size() == 1) {
      return value instanceof String text && !ApiReader.isOptional(component) ? text + "x" : null;
    }
    var rest = path.subList(1, path.size());
    return value instanceof List<?> list
        ? list.stream().map(item -> (Object) without((Record) item, rest)).toList()
        : without((Record) value, rest);
  }

  private static Object value(Record example, RecordComponent component) {
    try {
      return component.getAccessor().invoke(example);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
