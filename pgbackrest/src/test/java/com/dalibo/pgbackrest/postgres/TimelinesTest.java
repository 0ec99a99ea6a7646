package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimelinesTest {
  private static final Timelines TIMELINES =
      Timelines.of(
          List.of(
              TimelineHistory.parse(2, "1\t0/5000000\tno recovery target specified\n"),
              TimelineHistory.parse(
                  3,
                  "# a comment\n1\t0/5000000\treason one\n\n2\t0/8000000\tbefore 2026-11-22\n")));

  @Test
  void aPositionBeforeTheBranchLeadsOn() {
    assertThat(TIMELINES.leads(1, Lsn.parse("0/5000000"), 3)).isTrue();
    assertThat(TIMELINES.leads(2, Lsn.parse("0/7000000"), 3)).isTrue();
  }

  @Test
  void aPositionAfterTheBranchIsADeadEnd() {
    assertThat(TIMELINES.leads(1, Lsn.parse("0/5000001"), 2)).isFalse();
  }

  @Test
  void theLatestIsFoundOneAfterTheOther() {
    assertThat(TIMELINES.latestFrom(1)).isEqualTo(3);
    assertThat(TIMELINES.latestFrom(3)).isEqualTo(3);
    assertThat(Timelines.NONE.latestFrom(1)).isEqualTo(1);
  }

  @Test
  void whatAGapHidesIsKnownWhereItIsOnTheWay() {
    var timelines =
        Timelines.of(
            List.of(
                TimelineHistory.parse(2, "1\t0/5000000\tfirst\n"),
                TimelineHistory.parse(
                    4, "1\t0/5000000\tfirst\n2\t0/8000000\tsecond\n3\t0/9000000\tthird\n")));

    assertThat(timelines.latestFrom(1)).isEqualTo(2);
    assertThat(timelines.beyondGap(1, Lsn.parse("0/4000000"))).contains(4);
    assertThat(timelines.beyondGap(2, Lsn.parse("0/8000001"))).isEmpty();
    assertThat(TIMELINES.beyondGap(1, Lsn.parse("0/4000000"))).isEmpty();
  }

  @Test
  void aGapHidesWhatComesAfterIt() {
    var timelines =
        Timelines.of(List.of(TimelineHistory.parse(4, "1\t0/5000000\tno recovery target\n")));

    assertThat(timelines.latestFrom(1)).isEqualTo(1);
  }

  @Test
  void eachTimelineBringsTheSegmentInWhichItBegan() {
    var size = 16 << 20;

    assertThat(
            TIMELINES
                .segments("000000010000000000000004", "000000030000000000000008", size)
                .stream()
                .flatMap(WalRange::segments))
        .containsExactly(
            "000000010000000000000004",
            "000000020000000000000005",
            "000000020000000000000006",
            "000000020000000000000007",
            "000000030000000000000008");
  }

  @Test
  void theSegmentsOfOneTimelineNeedNoHistory() {
    assertThat(
            Timelines.NONE
                .segments("0000000100000000000000FE", "000000010000000100000000", 16 << 20)
                .stream()
                .flatMap(WalRange::segments))
        .containsExactly(
            "0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000");
  }

  @Test
  void whereNoWayIsKnownThereAreNoSegments() {
    assertThat(
            Timelines.NONE.segments(
                "000000010000000000000004", "000000030000000000000008", 16 << 20))
        .isEmpty();
  }

  @Test
  void theHistoryOfAnAncestorIsTheBeginning() {
    assertThat(Timelines.to(TIMELINES.histories().get(3))).isEqualTo(TIMELINES);
    assertThat(Timelines.to(TIMELINES.histories().get(2)).histories()).containsOnlyKeys(2);
  }
}
