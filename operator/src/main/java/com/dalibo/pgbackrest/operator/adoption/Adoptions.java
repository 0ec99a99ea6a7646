package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.event.EventSubject;
import com.dalibo.pgbackrest.operator.event.EventWriter;
import com.dalibo.pgbackrest.operator.event.ObjectEvent;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ReleaseRemedy;
import com.dalibo.pgbackrest.operator.inventory.RepeatedFailures;
import com.dalibo.pgbackrest.operator.status.StanzaOwnerCheck;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.status.InspectionStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.contract.AdoptedBackup;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Creates Backup objects for the backups of a Cluster that is gone, where the Stanza asks for it
/// (`adoptBackups`), after each inspection, and removes those whose backup has expired.
public final class Adoptions {

  private static final Log LOG = Log.of(Adoptions.class);

  private static final Duration RETRY = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Inventory inventory;
  private final StanzaOwnerCheck owners;
  private final BackupObjects objects;
  private final EventWriter events;
  private final RepeatedFailures failures = new RepeatedFailures();

  /// When a Stanza is looked at again after a failure.
  private final Map<ObjectKey, Instant> retries = new ConcurrentHashMap<>();

  /// The inspection that was last followed, of each Stanza.
  private final Map<ObjectKey, String> done = new ConcurrentHashMap<>();

  public Adoptions(KubernetesClient client, InstantSource clock, Inventory inventory) {
    this.clock = clock;
    this.inventory = inventory;
    this.owners = new StanzaOwnerCheck(inventory);
    this.objects = new BackupObjects(client);
    this.events = new EventWriter(client);
  }

  /// No request is made without a new inspection of a Stanza that asks for adoption.
  public void follow() {
    if (!inventory.isComplete() || !inventory.knowsClusters()) {
      return;
    }
    var keys = inventory.stanzas().keySet();
    done.keySet().retainAll(keys);
    retries.keySet().retainAll(keys);
    keys.stream()
        .flatMap(key -> inventory.readableStanza(key).stream())
        .filter(stanza -> Boolean.TRUE.equals(stanza.spec().adoptBackups()))
        .filter(stanza -> !owners.isWritten(stanza))
        .forEach(stanza -> inspection(stanza).ifPresent(version -> follow(stanza, version)));
  }

  /// What the last inspection found, of the Stanza as it is.
  private static Optional<String> inspection(Stanza stanza) {
    var uid = stanza.metadata().uid();
    var generation = stanza.metadata().generation();
    return Optional.ofNullable(stanza.status())
        .filter(status -> status.catalogue() != null && uid != null)
        .filter(status -> Objects.equals(status.observedGeneration(), generation))
        .map(StanzaStatus::inspection)
        .map(InspectionStatus::time)
        .map(time -> uid + " " + generation + " " + time);
  }

  private void follow(Stanza stanza, String inspection) {
    var key = new ObjectKey(stanza.namespace(), stanza.name());
    var now = clock.instant();
    if (inspection.equals(done.get(key)) || now.isBefore(retries.getOrDefault(key, Instant.MIN))) {
      return;
    }
    try {
      follow(stanza);
      done.put(key, inspection);
      failures.end(key);
      retries.remove(key);
    } catch (KubernetesClientException e) {
      retries.put(key, now.plus(RETRY));
      var cause = ReleaseRemedy.words(e);
      if (failures.isNew(key, cause)) {
        LOG.warning(
            "backups were not adopted and it is tried again", "stanza", key, "cause", cause);
        report(
            stanza, BackupReason.BACKUPS_NOT_ADOPTED, "Backup objects cannot be created: " + cause);
      }
    } catch (RuntimeException e) {
      // One that cannot be judged does not keep those of others waiting.
      done.put(key, inspection);
      LOG.error("the backups of a Stanza cannot be adopted", e, "stanza", key);
    }
  }

  private void follow(Stanza stanza) {
    var found = objects.list(stanza.namespace());
    var known = new HashMap<String, Boolean>();
    var adoption =
        Adoption.of(
            stanza,
            found,
            cluster -> known.computeIfAbsent(cluster, name -> lives(stanza.namespace(), name)));
    for (var backup : adoption.expired()) {
      objects.delete(stanza.namespace(), backup.name(), backup.uid());
      LOG.info(
          "removed the Backup object of an adopted backup that has expired",
          "backup",
          stanza.namespace() + "/" + backup.name(),
          "backupLabel",
          backup.label());
    }
    var created = 0;
    for (var backup : adoption.create()) {
      var adopted = new AdoptedObject(stanza, backup);
      var halfMade =
          found.stream()
              .filter(present -> present.name().equals(adopted.name()))
              .map(FoundBackup::uid)
              .findFirst();
      if (objects.adopt(adopted, halfMade)) {
        created++;
      }
    }
    report(stanza, adoption, created);
  }

  private void report(Stanza stanza, Adoption adoption, int created) {
    if (created > 0) {
      report(
          stanza,
          BackupReason.BACKUPS_ADOPTED,
          "%d backups have Backup objects now, marked as adopted: kubectl get backups --namespace %s --selector %s=true"
              .formatted(created, stanza.namespace(), AdoptedBackup.LABEL));
    }
    if (adoption.unknown() > 0) {
      report(
          stanza,
          BackupReason.BACKUPS_NOT_ADOPTED,
          "%d backups have no Backup object: they do not name the Cluster that they are of (annotation '%s' in pgBackRest), and no owner of the Stanza is on record; restore them by their label in status.catalogue (recoveryTarget.backupID)"
              .formatted(adoption.unknown(), Adoption.CLUSTER));
    }
    for (var cluster : adoption.living()) {
      report(
          stanza,
          BackupReason.BACKUPS_NOT_ADOPTED,
          "backups of a former Cluster '%1$s' have no Backup object: namespace '%2$s' has a Cluster '%1$s' again, and they would be taken for its own; restore them by their label in status.catalogue (recoveryTarget.backupID)"
              .formatted(cluster, stanza.namespace()));
    }
  }

  private void report(Stanza stanza, Reason reason, String message) {
    var problem = new Problem(reason, message);
    try {
      var _ = events.create(ObjectEvent.of(EventSubject.of(stanza), problem, clock.instant()));
    } catch (KubernetesClientException e) {
      LOG.warning(
          "an event was not written",
          "stanza",
          stanza.namespace() + "/" + stanza.name(),
          "cause",
          e.getMessage());
    }
  }

  /// Asked of the API server too: the inventory may not have heard of a Cluster yet.
  private boolean lives(String namespace, String cluster) {
    return inventory.cluster(new ObjectKey(namespace, cluster)).isPresent()
        || objects.hasCluster(namespace, cluster);
  }
}
