package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.InspectionStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Queries the repositories of a Stanza to which no Cluster archives, once, and writes the status
/// that the sidecar of an owner would write: same question, same judgement, same fields. Nothing is
/// written into a repository.
///
/// Where somebody else has written the status meanwhile, the answer is dropped: an owner is there,
/// or the Stanza has changed and the operator asks for another inspection.
public final class Inspection {
  private static final int ATTEMPTS = 5;
  private static final Log log = Log.named("inspection");

  private final SidecarSettings settings;
  private final StanzaClient stanzas;
  private final StanzaOpener opener;
  private final RepositorySurvey survey;
  private final StatusWriter writer;
  private final Duration pause;

  /// @param pause between two tries
  public Inspection(
      SidecarSettings settings,
      StanzaClient stanzas,
      StanzaOpener opener,
      RepositorySurvey survey,
      StatusWriter writer,
      Duration pause) {
    this.settings = settings;
    this.stanzas = stanzas;
    this.opener = opener;
    this.survey = survey;
    this.writer = writer;
    this.pause = pause;
  }

  /// Ends when the status is written, or belongs to another writer.
  public void run() throws Exception {
    var first = stanzas.get(settings.namespace(), settings.stanzaName());
    var stanza = first;
    for (var attempt = 1; ; attempt++) {
      if (isOvertaken(first, stanza)) {
        log.info("the Stanza has changed; nothing is written", "stanza", stanza.name());
        return;
      }
      try {
        if (inspect(stanza)) {
          return;
        }
      } catch (ForbiddenException
          | UnavailableException
          | KubernetesException
          | PgBackRestException
          | IOException failure) {
        log.warning("the inspection failed", "attempt", attempt, "cause", failure.getMessage());
        if (attempt >= ATTEMPTS) {
          giveUp(first, failure);
          return;
        }
      }
      if (attempt >= ATTEMPTS * 2) {
        throw new IllegalStateException(
            "the status of stanza '%s' changed at each of %d attempts to write it"
                .formatted(stanza.name(), attempt));
      }
      Thread.sleep(pause);
      stanza = stanzas.get(settings.namespace(), settings.stanzaName());
    }
  }

  private boolean inspect(Stanza stanza)
      throws ForbiddenException,
          UnavailableException,
          KubernetesException,
          PgBackRestException,
          IOException,
          InterruptedException {
    try {
      return writer.writeInspection(stanza, status(stanza), inspection());
    } catch (InvalidStanzaException invalid) {
      return writer.writeInspection(
          stanza,
          survey
              .conditions(stanza)
              .unusable(
                  invalid.problems().getFirst().reason(), String.valueOf(invalid.getMessage())),
          inspection());
    }
  }

  private StanzaStatus status(Stanza stanza)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          PgBackRestException,
          IOException,
          InterruptedException {
    return survey.ask(opener.openAlone(stanza), RepositorySurvey.Gaps.LOOK, Map.of()).status();
  }

  private void giveUp(Stanza first, Exception failure) throws Exception {
    var stanza = stanzas.get(settings.namespace(), settings.stanzaName());
    var message = FailureWords.of(failure);
    if (!isOvertaken(first, stanza)
        && !writer.writeInspection(
            stanza, survey.conditions(stanza).notInspected(message), inspection())) {
      throw failure;
    }
  }

  private InspectionStatus inspection() {
    return new InspectionStatus(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), settings.inspectionRequest());
  }

  /// The operator writes only conditions, and an owner more.
  private static boolean isOvertaken(Stanza first, Stanza now) {
    return !Objects.equals(first.metadata().uid(), now.metadata().uid())
        || !Objects.equals(first.metadata().generation(), now.metadata().generation())
        || !of(first, StanzaStatus::owner).equals(of(now, StanzaStatus::owner))
        || !of(first, StanzaStatus::observedTime).equals(of(now, StanzaStatus::observedTime));
  }

  private static <T> Optional<T> of(Stanza stanza, Function<StanzaStatus, @Nullable T> part) {
    return Optional.ofNullable(stanza.status()).map(part);
  }
}
