package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.stanza.BackupSummary;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.StanzaStatus;
import com.dalibo.pgbackrest.stanza.StatusTimestamps;
import com.dalibo.pgbackrest.stanza.TimeSpan;
import com.dalibo.pgbackrest.stanza.VerifyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Which repositories are to be verified, judged from their status.
record VerifySchedule(Duration every) {
  static final String OK = "ok";
  static final String ERROR = "error";

  /// Empty where nothing is to be verified.
  static Optional<VerifySchedule> of(Stanza stanza) {
    return Optional.ofNullable(stanza.spec().stanzaConfiguration().verify())
        .flatMap(verify -> TimeSpan.parse(verify.every()))
        .map(VerifySchedule::new);
  }

  boolean isDue(Repository repository, StanzaStatus status, Instant now) {
    return Optional.ofNullable(status.repositories()).orElse(List.of()).stream()
        .filter(one -> Objects.equals(one.index(), repository.index()))
        .anyMatch(one -> isDue(one, now));
  }

  /// Only where there is something to read. What was found damaged is looked at again after each
  /// backup, so that good news does not wait.
  private boolean isDue(RepositoryStatus repository, Instant now) {
    if (!StanzaReport.isReachable(repository) || repository.archiveMax() == null) {
      return false;
    }
    var last = Optional.ofNullable(repository.lastVerify());
    var begun = last.map(VerifyStatus::time).map(Instant::parse);
    if (begun.isEmpty() || !now.isBefore(begun.get().plus(every))) {
      return true;
    }
    return last.map(VerifyStatus::status).filter(ERROR::equals).isPresent()
        && stop(repository).filter(begun.get()::isBefore).isPresent();
  }

  private static Optional<Instant> stop(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastBackup())
        .map(BackupSummary::timestamp)
        .map(StatusTimestamps::stop)
        .map(Instant::ofEpochSecond);
  }
}
