package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineHistoryTest {
  private static final String TEXT =
      "1\t0/5000000\tno recovery target specified\n\n2\t0/8000000\tbefore 2026-11-22\n";

  @Test
  void itIsWhereEachAncestorWasLeft() {
    var history = TimelineHistory.parse(3, TEXT);
    assertThat(history.branches())
        .containsExactly(
            new TimelineHistory.Branch(1, Lsn.parse("0/5000000")),
            new TimelineHistory.Branch(2, Lsn.parse("0/8000000")));
    assertThat(history.end(2)).contains(Lsn.parse("0/8000000"));
    assertThat(history.end(3)).isEmpty();
    assertThat(history.after(1)).isEqualTo(2);
    assertThat(history.after(2)).isEqualTo(3);
  }

  /// `0/8` is a position as well as `0/8000000`.
  @Test
  void whatIsCutOffAnywhereIsRefused() {
    for (var length = 0; length < TEXT.length(); length++) {
      if (length == TEXT.indexOf('\n') + 1 || length == TEXT.indexOf('\n') + 2) {
        continue; // It is that of another timeline, whole.
      }
      var cut = TEXT.substring(0, length);
      assertThatThrownBy(() -> TimelineHistory.parse(3, cut))
          .as(cut)
          .hasMessageStartingWith("the history of timeline 3 ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | one 0/5000000       | has the line 'one 0/5000000', which is not a timeline with a position
          2 | 1                   | has the line '1', which is not a timeline with a position
          2 | # nothing           | is cut off after 10 characters
          2 | 2 0/5000000         | has timeline 2 after timeline 0
          4 | 2 0/500, 1 0/600    | has timeline 1 after timeline 2
          4 | 2 0/500, 2 0/600    | has timeline 2 after timeline 2
          4 | 1 0/500, 7 0/600    | has timeline 7 after timeline 1
          """)
  void whatPostgresqlWouldNotReadIsRefused(int timeline, String lines, String words) {
    var text = lines.replace(", ", "\n") + "\n";
    assertThatThrownBy(() -> TimelineHistory.parse(timeline, text))
        .hasMessage("the history of timeline %d %s", timeline, words);
  }
}
