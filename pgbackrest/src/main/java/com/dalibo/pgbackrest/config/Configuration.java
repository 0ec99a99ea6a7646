package com.dalibo.pgbackrest.config;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The content of a `pgbackrest.conf`: options by section, the same text for the same options.
/// Shows no secret but in [#render()].
public final class Configuration {
  private static final Pattern REPOSITORY = Pattern.compile("repo(\\d+)-.*");

  private final String stanza;
  private final SortedMap<String, SortedMap<String, Option>> sections;

  private Configuration(String stanza, SortedMap<String, SortedMap<String, Option>> sections) {
    this.stanza = stanza;
    this.sections = sections;
  }

  public static Builder builder(String stanza) {
    return new Builder(stanza);
  }

  public String stanza() {
    return stanza;
  }

  /// The numbers of the repositories that have at least one option.
  public SortedSet<Integer> repositories() {
    var numbers = new TreeSet<Integer>();
    sections
        .values()
        .forEach(
            options ->
                options.keySet().stream()
                    .map(Configuration::repository)
                    .filter(number -> number > 0)
                    .forEach(numbers::add));
    return Collections.unmodifiableSortedSet(numbers);
  }

  /// The value of an option for every command; the last one where it has several.
  public Optional<String> global(String option) {
    return value("global", option);
  }

  /// The value of an option for one command, where it has one of its own; the last one of several.
  public Optional<String> command(String command, String option) {
    return value("global:" + command, option);
  }

  /// The same without the other repositories, for commands that have no `--repo`.
  public Configuration only(int repository) {
    if (!repositories().contains(repository)) {
      throw new IllegalArgumentException(
          "stanza '%s' has no repository %d; it has %s"
              .formatted(stanza, repository, repositories()));
    }
    var kept = new TreeMap<String, SortedMap<String, Option>>(sections.comparator());
    sections.forEach(
        (section, options) -> {
          var copy = new TreeMap<>(options);
          copy.keySet().removeIf(name -> repository(name) > 0 && repository(name) != repository);
          kept.put(section, copy);
        });
    return new Configuration(stanza, kept);
  }

  /// The same with one more option for every command, or with another value for it.
  public Configuration with(String option, String value) {
    var kept = new TreeMap<String, SortedMap<String, Option>>(sections);
    var global = new TreeMap<String, Option>(kept.getOrDefault("global", new TreeMap<>()));
    global.put(option, Option.of(option, List.of(value), false));
    kept.put("global", global);
    return new Configuration(stanza, kept);
  }

  /// A builder that has all of this already.
  public Builder toBuilder() {
    var builder = new Builder(stanza);
    sections.forEach((section, options) -> builder.sections.put(section, new TreeMap<>(options)));
    return builder;
  }

  /// The text of the file, with secrets.
  public String render() {
    return text(true);
  }

  @Override
  public String toString() {
    return text(false);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that
        && stanza.equals(that.stanza)
        && sections.equals(that.sections);
  }

  @Override
  public int hashCode() {
    return sections.hashCode();
  }

  private Optional<String> value(String section, String option) {
    return Optional.ofNullable(sections.get(section))
        .map(options -> options.get(option))
        .map(found -> found.values().getLast());
  }

  private String text(boolean withSecrets) {
    var text = new StringBuilder();
    sections.forEach(
        (section, options) -> {
          if (options.isEmpty()) {
            return;
          }
          text.append(text.isEmpty() ? "[" : "\n[").append(section).append("]\n");
          options.forEach(
              (name, option) ->
                  option
                      .values()
                      .forEach(
                          value ->
                              text.append(name)
                                  .append('=')
                                  .append(option.secret() && !withSecrets ? "<redacted>" : value)
                                  .append('\n')));
        });
    return text.toString();
  }

  private static int repository(String option) {
    var matcher = REPOSITORY.matcher(option);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /// Collects options; a later value of the same option replaces the earlier one.
  public static final class Builder {
    private final String stanza;
    private final SortedMap<String, SortedMap<String, Option>> sections = new TreeMap<>();

    private Builder(String stanza) {
      if (!stanza.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*") || stanza.equals("global")) {
        throw new IllegalArgumentException(
            "'%s' cannot be the name of a stanza; use letters, digits, '_', '-' and '.'"
                .formatted(stanza));
      }
      this.stanza = stanza;
    }

    public Builder global(String name, String value) {
      return put("global", name, List.of(value), false);
    }

    /// An option that may be given several times.
    public Builder global(String name, List<String> values) {
      return put("global", name, values, false);
    }

    /// An option of the stanza's own section, such as `pg1-path`.
    public Builder stanza(String name, String value) {
      return put(stanza, name, List.of(value), false);
    }

    /// An option of one repository, its name without `repoN-`.
    public Builder repository(int index, String name, String value) {
      return repository(index, name, List.of(value));
    }

    public Builder repository(int index, String name, List<String> values) {
      return put("global", repositoryOption(index, name), values, false);
    }

    public Builder repositorySecret(int index, String name, String value) {
      return put("global", repositoryOption(index, name), List.of(value), true);
    }

    /// An option for one command only, such as `archive-push`.
    public Builder command(String command, String name, String value) {
      return put("global:" + command, name, List.of(value), false);
    }

    public Configuration build() {
      var copy = new TreeMap<String, SortedMap<String, Option>>();
      sections.forEach((section, options) -> copy.put(section, new TreeMap<>(options)));
      return new Configuration(stanza, copy);
    }

    private static String repositoryOption(int index, String name) {
      if (index < 1 || index > 256) {
        throw new IllegalArgumentException(
            "repository number %d is out of range; use 1 to 256".formatted(index));
      }
      return "repo" + index + "-" + name;
    }

    private Builder put(String section, String name, List<String> values, boolean secret) {
      sections
          .computeIfAbsent(section, _ -> new TreeMap<>())
          .put(name, Option.of(name, values, secret));
      return this;
    }
  }
}
