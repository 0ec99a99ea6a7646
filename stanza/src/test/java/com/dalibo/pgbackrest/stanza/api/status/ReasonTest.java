package com.dalibo.pgbackrest.stanza.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Golden;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The rows of the pages about reasons and conditions are generated from the tables.
class ReasonTest {
  private static final Path TROUBLESHOOTING = Path.of("../docs/how-to/troubleshooting.md");
  private static final Path STATUS = Path.of("../docs/reference/status.md");

  @Test
  void eachReasonHasARowInTheTroubleshootingPage() {
    var table = new StringBuilder("| reason | where | meaning | what to do |\n");
    table.append("| --- | --- | --- | --- |\n");
    for (var reason : Reason.values()) {
      row(table, "`" + reason + "`", where(reason), reason.meaning(), reason.remedy());
    }
    Golden.matchesPart(TROUBLESHOOTING, "ReasonTest", "reasons", table.toString());
  }

  @Test
  void theStatusPageHasEachConditionWithItsReasons() {
    var table = new StringBuilder("| condition | is about | reasons |\n| --- | --- | --- |\n");
    for (var type : ConditionType.values()) {
      var reasons = words(reason -> reason.conditions().contains(type));
      row(table, "`" + type + "`", type.subject(), reasons);
    }
    Golden.matchesPart(STATUS, "ReasonTest", "conditions", table.toString());
  }

  @Test
  void theStatusPageHasTheEventsOfEachKindOfObject() {
    var table = new StringBuilder("| on the | events |\n| --- | --- |\n");
    for (var object : Reason.EventOn.values()) {
      row(table, object.kind(), words(reason -> reason.events().contains(object)));
    }
    Golden.matchesPart(STATUS, "ReasonTest", "events", table.toString());
  }

  @Test
  void theDescriptionOfAConditionNamesEachType() throws NoSuchMethodException {
    var description =
        StanzaCondition.class
            .getDeclaredMethod("type")
            .getAnnotation(JsonPropertyDescription.class)
            .value();
    assertThat(ConditionType.values())
        .allSatisfy(type -> assertThat(description).contains(type.word()));
  }

  @Test
  void aReasonIsOneWordThatStandsForNoOther() {
    assertThat(Reason.values())
        .allSatisfy(
            reason -> {
              assertThat(reason.word()).matches("([A-Z][A-Za-z]+)");
              assertThat(Reason.of(reason.word())).contains(reason);
              assertThat(reason.meaning()).endsWith(".");
              assertThat(reason.remedy()).endsWith(".");
              assertThat(where(reason)).isNotEmpty();
            });
    assertThat(Reason.of("Other")).isEmpty();
  }

  private static String words(Predicate<Reason> wanted) {
    return Arrays.stream(Reason.values())
        .filter(wanted)
        .map(reason -> "`" + reason + "`")
        .collect(Collectors.joining(", "));
  }

  private static String where(Reason reason) {
    var places = new ArrayList<String>();
    reason.conditions().forEach(type -> places.add("condition `" + type + "`"));
    if (!reason.events().isEmpty()) {
      places.add(
          reason.events().stream()
              .map(Reason.EventOn::kind)
              .collect(Collectors.joining(" and ", "event on ", "")));
    }
    if (reason.isAnswer()) {
      places.add("answer to CNPG");
    }
    return String.join(", ", List.copyOf(places));
  }

  private static void row(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
