package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.verify.Verification;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.wal.WalGaps;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import com.dalibo.pgbackrest.stanza.options.OptionVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks all repositories of an opened stanza what they hold, and makes the status of it.
public final class RepositorySurvey {
  private static final Log log = Log.named("status");

  private final Path pgData;
  private final ArchivingStatistics archive;
  private final Verification verification;
  private @Nullable String version;

  public RepositorySurvey(Path pgData, ArchivingStatistics archive, Verification verification) {
    this.pgData = pgData;
    this.archive = archive;
    this.verification = verification;
  }

  /// A repository that fails is part of the answer. Without any answer, pgBackRest refuses the
  /// configuration: of an option that is passed on as it is written, it alone knows what is valid.
  ///
  /// @param gaps whether to look for missing WAL too, which takes a listing for each 256 segments
  /// @param expirations what an edited retention will remove
  Survey ask(StanzaSession session, Gaps gaps, Map<Integer, Expiration> expirations)
      throws InvalidStanzaException, PgBackRestException, InterruptedException, IOException {
    try {
      return survey(session, gaps, expirations);
    } catch (PgBackRestException refusal) {
      if (refusal.isTransient()) {
        throw refusal;
      }
      throw new InvalidStanzaException(
          StanzaReason.CONFIGURATION_REFUSED,
          "pgbackrest refuses the configuration of the stanza '%s': %s"
              .formatted(session.stanza().name(), refusal.getMessage()),
          refusal);
    }
  }

  private Survey survey(StanzaSession session, Gaps gaps, Map<Integer, Expiration> expirations)
      throws PgBackRestException, InterruptedException, IOException {
    // Before the repositories are asked: what is archived meanwhile is for the next round.
    var archived = archive.counts();
    var info =
        session
            .pgBackRest()
            .info()
            .stanza(session.stanza().stanzaName())
            .orElseThrow(
                () -> new IllegalStateException("pgbackrest info did not report the stanza"));
    var missing = gaps == Gaps.LOOK ? gaps(session, info) : Map.<Integer, List<WalGap>>of();
    return new Survey(
        session.repositories(),
        info,
        new StatusReport(
                session.stanza(),
                session.repositories(),
                session.configuration(),
                info,
                archived,
                ReadyWal.in(pgData),
                new SurveyFindings(missing, expirations, verified(session)),
                version(session),
                Instant.now())
            .status());
  }

  /// What can be judged without an answer of the repositories.
  SidecarConditions conditions(Stanza stanza) {
    var known =
        Optional.ofNullable(stanza.status()).map(StanzaStatus::repositories).orElse(List.of());
    return new SidecarConditions(
        stanza, known, Set.of(), archive.counts(), ReadyWal.in(pgData), Instant.now());
  }

  private Map<Integer, VerifyStatus> verified(StanzaSession session) {
    var found = new HashMap<Integer, VerifyStatus>();
    for (var repository : session.repositories()) {
      verification
          .result(session, repository)
          .ifPresent(result -> found.put(repository.index(), result));
    }
    return found;
  }

  /// Whether a round looks for missing WAL.
  enum Gaps {
    LOOK,
    LEAVE
  }

  private Map<Integer, List<WalGap>> gaps(StanzaSession session, StanzaInfo info)
      throws InterruptedException, IOException {
    var found = new HashMap<Integer, List<WalGap>>();
    for (var repository : session.repositories()) {
      if (isReadable(info, repository)) {
        gaps(session, info, repository).ifPresent(gaps -> found.put(repository.index(), gaps));
      }
    }
    return found;
  }

  private static boolean isReadable(StanzaInfo info, Repository repository) {
    return info.repository(repository.index()).filter(state -> state.readable()).isPresent();
  }

  /// What cannot be listed stays as it was known.
  private Optional<List<WalGap>> gaps(StanzaSession session, StanzaInfo info, Repository repository)
      throws InterruptedException, IOException {
    try {
      return Optional.of(new WalGaps(session, repository.index(), pgData).in(info));
    } catch (PgBackRestException | PreconditionException trouble) {
      log.warning(
          "cannot check the archive for gaps",
          session.names(repository, "cause", trouble.getMessage()));
      return Optional.empty();
    }
  }

  private String version(StanzaSession session) throws PgBackRestException, InterruptedException {
    if (version == null) {
      version = OptionVersions.version(session.pgBackRest().version());
    }
    return version;
  }
}
