package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.StanzaSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanSpec;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfigSpec;
import com.dalibo.pgbackrest.stanza.api.reason.DrillConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.options.OptionVersions;
import com.dalibo.pgbackrest.stanza.options.UserOptionRules;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The reference page is generated from the records, the tables and what pgBackRest says of its
/// options.
class ReferenceTest {
  private final Map<String, String> defaults = new HashMap<>();
  private final Map<String, String> since = new HashMap<>();

  @Test
  void theReferencePageSaysWhatTheRecordsSay() throws IOException {
    for (var option : Options.all()) {
      defaults.put(option.name(), option.standard());
      since.put(option.name(), option.since());
    }
    var page = new StringBuilder();
    page.append(
        """
        # Stanza, PluginConfig and RestorePlan

        Generated from the API by `ReferenceTest`; do not edit. An absent field leaves pgBackRest its own default, but for those in [Defaults](defaults.md),
        which is the one shown. `since` is the release of pgBackRest that has the option first (2.36: also earlier).

        ## Stanza: `spec`

        """);
    table(page, StanzaSpec.class, "stanzaConfiguration.");
    free(page);
    page.append("\n## PluginConfig: `spec`\n\n");
    plain(page, PluginConfigSpec.class);
    page.append("\n## Stanza: `status`\n\n");
    plain(page, StanzaStatus.class);
    page.append("\n## RestorePlan: `spec`\n\n");
    plain(page, RestorePlanSpec.class);
    page.append("\n## RestorePlan: `status`\n\n");
    plain(page, RestorePlanStatus.class);

    Golden.matches(Path.of("../docs/reference/stanza.md"), page.toString());
  }

  @Test
  void theReferencePageOfDrillsSaysWhatTheRecordsSay() throws IOException {
    var page = new StringBuilder();
    page.append(
        """
        # RestoreDrill and RestoreDrillRun

        Generated from the API by `ReferenceTest`; do not edit. [Restore drills](../how-to/drills.md) shows how they are used.

        ## RestoreDrill: `spec`

        """);
    plain(page, RestoreDrillSpec.class);
    page.append("\n## RestoreDrill: `status`\n\n");
    plain(page, RestoreDrillStatus.class);
    page.append("\n## Conditions of a RestoreDrill\n\n");
    page.append("| condition | is about | reasons |\n| --- | --- | --- |\n");
    for (var type : DrillConditionType.values()) {
      var reasons =
          Reason.all().stream()
              .filter(reason -> reason.drillConditions().contains(type))
              .map(reason -> "`" + reason + "`")
              .collect(Collectors.joining(", "));
      row(page, "`" + type + "`", type.subject(), reasons);
    }
    page.append(
        "\n[Troubleshooting](../how-to/troubleshooting.md) has the meaning of each reason.\n");
    page.append("\n## RestoreDrillRun: `spec`\n\n");
    plain(page, RestoreDrillRunSpec.class);
    page.append("\n## RestoreDrillRun: `status`\n\n");
    plain(page, RestoreDrillRunStatus.class);

    Golden.matches(Path.of("../docs/reference/drill.md"), page.toString());
  }

  private void table(StringBuilder page, Class<?> type, String configuration) {
    page.append("| field | what | type | default | option of pgBackRest | since |\n");
    page.append("| --- | --- | --- | --- | --- | --- |\n");
    for (var field : Fields.of(type)) {
      var options =
          field.isLeaf() && field.path().startsWith(configuration)
              ? FieldOptions.of(
                  new Fields.Field(
                      field.path().substring(configuration.length()), field.component()))
              : List.<String>of();
      var one = options.size() == 1 ? options.iterator().next() : "";
      row(
          page,
          "`" + field.path() + "`",
          what(field),
          word(field),
          defaults.getOrDefault(one, ""),
          one.isEmpty() || one.equals("stanza") ? one : "`" + one + "`",
          since.getOrDefault(one, ""));
    }
  }

  private static void plain(StringBuilder page, Class<?> type) {
    page.append("| field | what | type |\n| --- | --- | --- |\n");
    for (var field : Fields.of(type)) {
      row(page, "`" + field.path() + "`", what(field), word(field));
    }
  }

  private static void free(StringBuilder page) {
    page.append("\n## What `options` may hold\n\n");
    page.append(
        "In brackets the release of pgBackRest that an option needs, where 2.58 lacks it; an older program is refused with reason `PgBackRestTooOld`.\n\n");
    page.append("Of the stanza: ").append(names(UserOptionRules.ALLOWED, "")).append(".\n\n");
    page.append("Of a repository: ")
        .append(names(UserOptionRules.ALLOWED_OF_A_REPOSITORY, "repoN-"))
        .append(".\n\n");
    page.append("For one command, before it a colon (`archive-push:process-max`), also: ")
        .append(names(UserOptionRules.ALLOWED_FOR_A_COMMAND, ""))
        .append(".\n\nRefused, and why:\n\n| why | options |\n| --- | --- |\n");
    new TreeMap<>(UserOptionRules.REFUSED)
        .forEach((why, options) -> row(page, why, names(options, "")));
  }

  private static String names(Collection<String> options, String prefix) {
    return options.stream()
        .sorted()
        .map(
            option ->
                "`" + prefix + option + "`" + needed(prefix.isEmpty() ? option : "repo-" + option))
        .collect(Collectors.joining(", "));
  }

  /// Where the oldest pgBackRest that is supported lacks it.
  private static String needed(String option) {
    var since = OptionVersions.SINCE.get(option);
    return since == null ? "" : " (%s)".formatted(OptionVersions.release(since));
  }

  private static String what(Fields.Field field) {
    return field.component().getAccessor().getAnnotation(JsonPropertyDescription.class).value();
  }

  private static String word(Fields.Field field) {
    var type = field.component().getType();
    var required = ApiReader.isOptional(field.component()) || type == int.class ? "" : ", required";
    if (type.isEnum()) {
      return Arrays.stream(type.getFields())
              .filter(constant -> constant.isAnnotationPresent(JsonProperty.class))
              .map(constant -> constant.getAnnotation(JsonProperty.class).value())
              .collect(Collectors.joining(", "))
          + required;
    }
    if (type.isRecord()) {
      return "object" + required;
    }
    var word =
        switch (type.getSimpleName()) {
          case "Integer", "int", "Long" -> "number";
          case "Boolean" -> "true or false";
          case "List" -> "list";
          case "Map" -> "names and values";
          default -> "text";
        };
    return word + required;
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
