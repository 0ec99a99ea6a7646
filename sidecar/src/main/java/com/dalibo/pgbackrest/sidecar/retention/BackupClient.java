package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.JsonTree;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets the `Backup` objects of a cluster follow their repositories: an object whose backup
/// retention has removed is removed too, and an event says so.
public final class BackupClient {
  private static final int PAGE = 50;
  private static final Log log = Log.named("backup-objects");

  private final KubernetesApi api;
  private final Events events;

  public BackupClient(KubernetesApi api, Events events) {
    this.api = api;
    this.events = events;
  }

  void follow(Cluster cluster, StanzaSession session)
      throws KubernetesException, PgBackRestException, InterruptedException {
    // Before the repository is asked: see ExpiredBackups.
    var objects = list(cluster);
    var info = session.pgBackRest().info().stanza(session.stanza().stanzaName());
    if (info.isEmpty()) {
      return;
    }
    var expired =
        new ExpiredBackups(cluster, session.stanza(), session.repositories(), info.get())
            .among(objects);
    for (var object : expired) {
      delete(cluster, session, object);
    }
  }

  /// Those of the namespace, page by page: there may be thousands, and memory is for a few.
  List<BackupObject> list(Cluster cluster) throws KubernetesException, InterruptedException {
    var objects = new ArrayList<BackupObject>();
    var next = "";
    do {
      var page = JsonTree.of("list of Backups", api.get(path(cluster) + "?limit=" + PAGE + next));
      page.get("items").items().stream().map(BackupObject::of).forEach(objects::add);
      next = continuation(page);
    } while (!next.isEmpty());
    return List.copyOf(objects);
  }

  private static String continuation(JsonTree page) {
    return page.get("metadata")
        .get("continue")
        .text()
        .map(token -> "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8))
        .orElse("");
  }

  /// As it is now; empty where none has the name.
  public Optional<BackupObject> find(Cluster cluster, Backup backup)
      throws KubernetesException, InterruptedException {
    var namespace = ObjectReference.of(cluster, backup).namespace();
    try {
      return Optional.of(BackupObject.of(api.get(path(namespace) + "/" + backup.name())));
    } catch (KubernetesException refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /// Only if the object is as it was listed; else the next look is soon enough.
  void finalizers(Cluster cluster, BackupObject object, List<String> finalizers)
      throws KubernetesException, InterruptedException {
    var names = new JsonArray();
    finalizers.forEach(names::add);
    var metadata = new JsonObject();
    metadata.addProperty("resourceVersion", object.resourceVersion());
    metadata.add("finalizers", names);
    var patch = new JsonObject();
    patch.add("metadata", metadata);
    try {
      var _ = api.patch(path(cluster) + "/" + object.name(), patch);
    } catch (KubernetesException refusal) {
      if (!refusal.conflict() && !refusal.notFound()) {
        throw refusal;
      }
    }
  }

  private void delete(Cluster cluster, StanzaSession session, BackupObject object)
      throws KubernetesException, InterruptedException {
    try {
      api.delete(path(cluster) + "/" + object.name(), object.uid());
    } catch (KubernetesException refusal) {
      // Somebody was faster, or has made another object of that name.
      if (refusal.notFound() || refusal.conflict()) {
        return;
      }
      throw refusal;
    }
    var repository = object.remembered(BackupMetadata.REPOSITORY);
    log.info(
        "deleted a Backup object whose backup has expired",
        "backup",
        object.name(),
        "backupLabel",
        object.label(),
        "repository",
        repository);
    events.normal(
        cluster,
        BackupReason.BACKUP_EXPIRED,
        "backup '%s' (%s) is no longer in repository %s of stanza '%s': expired by its retentionPolicy, or removed there. Its Backup object was deleted"
            .formatted(object.name(), object.label(), repository, session.stanza().name()));
  }

  private static String path(Cluster cluster) {
    return path(cluster.namespace());
  }

  private static String path(String namespace) {
    return "/apis/%s/namespaces/%s/backups".formatted(Cluster.API_VERSION, namespace);
  }
}
