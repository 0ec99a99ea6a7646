package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.retention.RetentionPreview;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The status of a Stanza, kept up to date with what its repositories answer and with what an edit
/// of its retention will remove. Used by one thread.
public final class StatusRefresh {
  /// WAL may have gone to another archive for a while, which shows when there is later WAL.
  private static final Duration AFTER_AN_EDIT = Duration.ofMinutes(15);

  private final RepositorySurvey survey;
  private final StatusWriter writer;
  private final RetentionPreview preview;
  private final Duration interval;

  private @Nullable Instant gapsAt;
  private @Nullable Instant editedAt;
  private @Nullable Long generation;

  /// @param interval how often missing WAL is looked for at least
  public StatusRefresh(
      RepositorySurvey survey, StatusWriter writer, RetentionPreview preview, Duration interval) {
    this.survey = survey;
    this.writer = writer;
    this.preview = preview;
    this.interval = interval;
  }

  /// What the repositories answered, and whether they were looked through for missing WAL.
  public record Answer(Survey found, RepositorySurvey.Gaps gaps) {}

  /// Whether the Stanza was edited since its status was written, or has none.
  public boolean isDue(Stanza stanza) {
    return preview.isDue(stanza)
        || !Objects.equals(generation, stanza.metadata().generation())
        || stanza.status() == null;
  }

  /// Surveys the repositories and judges what they answered.
  ///
  /// @param opened the Stanza as it is configured
  /// @param stanza as it was read before
  public Answer ask(StanzaSession opened, Stanza stanza, boolean isPrimary, boolean isWoken)
      throws InvalidStanzaException, PgBackRestException, IOException, InterruptedException {
    if (generation != null && !generation.equals(stanza.metadata().generation())) {
      editedAt = Instant.now();
    }
    var gaps =
        isWoken || isOld(gapsAt, interval) || !isOld(editedAt, AFTER_AN_EDIT)
            ? RepositorySurvey.Gaps.LOOK
            : RepositorySurvey.Gaps.LEAVE;
    var session = opened.with(stanza);
    return new Answer(survey.ask(session, gaps, expirations(opened, stanza, isPrimary)), gaps);
  }

  private static boolean isOld(@Nullable Instant at, Duration age) {
    return at == null || Instant.now().isAfter(at.plus(age));
  }

  /// Only with the configuration of the very Stanza that was read.
  private Map<Integer, Expiration> expirations(
      StanzaSession opened, Stanza stanza, boolean isPrimary) throws InterruptedException {
    var isConfigured =
        Objects.equals(opened.stanza().metadata().generation(), stanza.metadata().generation());
    return isConfigured && isPrimary ? preview.look(opened.with(stanza)) : Map.of();
  }

  /// Writes the status, and tells what is new in it.
  ///
  /// @return false where the Stanza was changed since it was read
  public boolean write(Cluster cluster, Stanza stanza, Answer answer)
      throws KubernetesException, InterruptedException {
    if (!writer.write(cluster, stanza, answer.found().status())) {
      return false;
    }
    preview.written();
    gapsAt = answer.gaps() == RepositorySurvey.Gaps.LOOK ? Instant.now() : gapsAt;
    generation = stanza.metadata().generation();
    return true;
  }

  /// Takes back at once that WAL is archived, where some has been waiting for a while: repositories
  /// that do not answer are asked for a minute and longer.
  public void writeStandstill(Stanza stanza) throws KubernetesException, InterruptedException {
    var withdrawn = survey.conditions(stanza).withdrawn();
    if (withdrawn.isPresent()) {
      // Where the Stanza was changed meanwhile, the next look does it.
      var _ = writer.writeConditions(stanza, withdrawn.get());
    }
  }

  /// For a while nothing was archived.
  public void expectGaps() {
    editedAt = Instant.now();
  }

  /// Says that the Stanza cannot be used, where its status does not.
  ///
  /// @return false where the Stanza was changed since it was read
  public boolean writeUnusable(Stanza stanza, InvalidStanzaException invalid)
      throws KubernetesException, InterruptedException {
    var problem = invalid.problems().getFirst();
    var conditions =
        survey.conditions(stanza).unusable(problem.reason(), String.valueOf(invalid.getMessage()));
    return Set.copyOf(conditions).equals(Set.copyOf(WrittenConditions.of(stanza).all()))
        || writer.writeConditions(stanza, conditions);
  }
}
