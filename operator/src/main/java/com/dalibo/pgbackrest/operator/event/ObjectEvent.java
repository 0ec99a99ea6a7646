package com.dalibo.pgbackrest.operator.event;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// One event. Its name follows from what it is about, so that each operator writes the same one.
///
/// @param about what makes it another event than others on that object
public record ObjectEvent(EventSubject subject, String about, Problem problem, Instant time) {

  /// With a dot and the UUID after it the name has the 253 characters that Kubernetes allows.
  private static final int LONGEST = 216;

  /// One that is about what it says.
  public static ObjectEvent of(EventSubject subject, Problem problem, Instant time) {
    return new ObjectEvent(subject, problem.reason() + "\n" + problem.message(), problem, time);
  }

  String name() {
    var content = subject.uid() + "\n" + about;
    var id = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
    return prefix() + "." + id;
  }

  private String prefix() {
    var name = subject.name();
    return name.length() <= LONGEST
        ? name
        : name.substring(0, LONGEST).replaceFirst("[^a-z0-9]+$", "");
  }

  /// The same for all that are one event.
  public String key() {
    return subject.namespace() + "/" + name();
  }

  Event toKubernetes() {
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(subject.namespace())
        .withName(name())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(subject.apiVersion())
        .withKind(subject.kind())
        .withNamespace(subject.namespace())
        .withName(subject.name())
        .withUid(subject.uid())
        .endInvolvedObject()
        .withType(isGoodNews() ? "Normal" : "Warning")
        .withReason(problem.reason().word())
        .withMessage(problem.message())
        .withNewSource()
        .withComponent(Plugin.NAME)
        .endSource()
        .withFirstTimestamp(timestamp())
        .withLastTimestamp(timestamp())
        .withCount(1)
        .build();
  }

  private boolean isGoodNews() {
    return problem.reason() == BackupReason.BACKUPS_ADOPTED
        || problem.reason() == DrillReason.DRILL_SUCCEEDED;
  }

  String timestamp() {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
