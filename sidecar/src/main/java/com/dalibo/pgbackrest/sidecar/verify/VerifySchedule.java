package com.dalibo.pgbackrest.sidecar.verify;

import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Which repositories are to be verified, judged from their status.
public record VerifySchedule(Duration every) {
  static final String OK = "ok";
  public static final String ERROR = "error";

  /// Empty where nothing is to be verified.
  public static Optional<VerifySchedule> of(Stanza stanza) {
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
    if (!repository.isReachable() || repository.archiveMax() == null) {
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
        .map(BackupSummary.Timestamps::stop)
        .map(Instant::ofEpochSecond);
  }
}
