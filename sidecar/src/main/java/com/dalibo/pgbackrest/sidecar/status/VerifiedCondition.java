package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.verify.VerifySchedule;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `Verified`: what the last verification of each repository found. Only a Stanza that asks for
/// verification has it.
record VerifiedCondition(Stanza stanza, List<RepositoryStatus> repositories) {
  boolean isWanted() {
    return VerifySchedule.of(stanza).isPresent();
  }

  Optional<Verdict> verdict() {
    return isWanted() ? Optional.of(judged()) : Optional.empty();
  }

  private Verdict judged() {
    var damaged = repositories.stream().filter(VerifiedCondition::isDamaged).toList();
    if (!damaged.isEmpty()) {
      return Verdict.no(
          StanzaReason.VERIFY_FAILED,
          damaged.stream()
                  .map(
                      repository ->
                          "repository %s: %s".formatted(repository.label(), found(repository)))
                  .collect(Collectors.joining("; "))
              + "; take a new full backup: backups that build on damaged files cannot be"
              + " restored");
    }
    return repositories.stream()
        .filter(repository -> repository.lastVerify() == null)
        .findFirst()
        .map(
            repository ->
                Verdict.unknown(
                    StanzaReason.NOT_VERIFIED_YET,
                    "repository %s has not been verified yet".formatted(repository.label())))
        .orElseGet(
            () -> Verdict.yes(StanzaReason.VERIFIED, "everything that was verified is intact"));
  }

  private static boolean isDamaged(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastVerify())
        .map(VerifyStatus::status)
        .filter(VerifySchedule.ERROR::equals)
        .isPresent();
  }

  private static String found(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastVerify())
        .map(VerifyStatus::message)
        .orElse("damaged");
  }
}
