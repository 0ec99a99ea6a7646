package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.api.repository.ConfigMapKeyRef;
import com.dalibo.pgbackrest.stanza.api.repository.SecretKeyRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a record becomes options of pgBackRest: a row for each option. An absent value is left out,
/// so that pgBackRest's own default applies; zero and false are values.
public final class OptionTable<T> {
  private final List<Row<T>> rows = new ArrayList<>();
  private final List<String> options = new ArrayList<>();

  private interface Row<T> {
    void write(T value, String path, Consumer<Setting> settings);
  }

  OptionTable<T> text(String option, Function<T, @Nullable String> value) {
    return row(option, value, (text, _) -> new Setting.Value(option, text));
  }

  OptionTable<T> flag(String option, Function<T, @Nullable Boolean> value) {
    return row(option, value, (flag, _) -> new Setting.Value(option, flag ? "y" : "n"));
  }

  OptionTable<T> number(String option, Function<T, @Nullable Integer> value) {
    return row(option, value, (number, _) -> new Setting.Value(option, number.toString()));
  }

  OptionTable<T> choice(String option, Function<T, ? extends @Nullable Enum<?>> value) {
    return row(
        option, value::apply, (choice, _) -> new Setting.Value(option, EnumSpelling.of(choice)));
  }

  /// One line for each pair, in the order of their names.
  OptionTable<T> pairs(String option, Function<T, @Nullable Map<String, String>> value) {
    options.add(option);
    rows.add(
        (record, _, settings) -> {
          var pairs = value.apply(record);
          if (pairs != null) {
            new TreeMap<>(pairs)
                .forEach((k, v) -> settings.accept(new Setting.Value(option, k + "=" + v)));
          }
        });
    return this;
  }

  OptionTable<T> secret(String option, String field, Function<T, @Nullable SecretKeyRef> value) {
    return row(option, value, (key, path) -> new Setting.Secret(option, key, join(path, field)));
  }

  OptionTable<T> secretFile(
      String option, String field, Function<T, @Nullable SecretKeyRef> value) {
    return row(
        option, value, (key, path) -> new Setting.SecretFile(option, key, join(path, field)));
  }

  OptionTable<T> configMapFile(
      String option, String field, Function<T, @Nullable ConfigMapKeyRef> value) {
    return row(
        option, value, (key, path) -> new Setting.ConfigMapFile(option, key, join(path, field)));
  }

  OptionTable<T> lines(String option, Function<T, @Nullable List<String>> value) {
    return row(
        option, value, (lines, _) -> new Setting.TextFile(option, String.join("\n", lines) + "\n"));
  }

  <U> OptionTable<T> group(String field, Function<T, @Nullable U> value, OptionTable<U> table) {
    options.addAll(table.options);
    rows.add(
        (record, path, settings) -> {
          var part = value.apply(record);
          if (part != null) {
            table.write(part, join(path, field), settings);
          }
        });
    return this;
  }

  /// The rows of an inlined record: its fields stand beside those of this one.
  <U> OptionTable<T> inline(Function<T, U> value, OptionTable<U> table) {
    options.addAll(table.options);
    rows.add((record, path, settings) -> table.write(value.apply(record), path, settings));
    return this;
  }

  /// All options the table knows.
  List<String> options() {
    return List.copyOf(options);
  }

  List<Setting> settings(T record, String path) {
    var settings = new ArrayList<Setting>();
    write(record, path, settings::add);
    return List.copyOf(settings);
  }

  private void write(T record, String path, Consumer<Setting> settings) {
    rows.forEach(row -> row.write(record, path, settings));
  }

  private <V> OptionTable<T> row(
      String option, Function<T, ? extends @Nullable V> value, Writing<V> writing) {
    options.add(option);
    rows.add(
        (record, path, settings) -> {
          V present = value.apply(record);
          if (present != null) {
            settings.accept(writing.setting(present, path));
          }
        });
    return this;
  }

  private interface Writing<V> {
    Setting setting(V value, String path);
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
