package com.dalibo.pgbackrest.cnpgi.object;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A Cluster of CNPG, as far as we ask it questions.
///
/// The operator may be newer or older than we are: unknown fields are passed over, and of those we
/// know only `metadata.name` has to be there. It is a copy that can lag behind Kubernetes, without
/// the fields that nobody asks for: an operator holds thousands of them.
public final class Cluster {
  /// The API group of the Cluster and of every object of CNPG.
  public static final String GROUP = "postgresql.cnpg.io";

  public static final String API_VERSION = GROUP + "/v1";

  private static final String SKIP_EMPTY_ARCHIVE_CHECK = "cnpg.io/skipEmptyWalArchiveCheck";

  /// The whole manifest once more, from `kubectl apply`.
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /// PostgreSQL 10 or newer; other numbers are of something else.
  private static final Pattern MAJOR_VERSION_IN_TAG = Pattern.compile(":([1-9]\\d)(?!\\d)[^/]*$");

  private final JsonTree metadata;
  private final JsonTree spec;
  private final JsonTree status;
  private final String name;

  Cluster(JsonTree cluster) {
    this.metadata =
        cluster
            .get("metadata")
            .only("name", "namespace", "uid", "deletionTimestamp", "annotations")
            .without("annotations", LAST_APPLIED);
    this.spec =
        cluster
            .get("spec")
            .only(
                "bootstrap",
                "externalClusters",
                "imageCatalogRef",
                "imageName",
                "imagePullPolicy",
                "instances",
                "plugins",
                "postgresql",
                "priorityClassName",
                "replica",
                "resources",
                "serviceAccountName",
                "tablespaces",
                "walStorage");
    this.status =
        cluster
            .get("status")
            .only(
                "currentPrimary",
                "image",
                "instancesReportedState",
                "lastPromotionToken",
                "pgDataImageInfo",
                "phase",
                "pluginStatus",
                "targetPrimary",
                "timelineID");
    this.name =
        metadata
            .get("name")
            .text()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'metadata.name' of the Cluster is missing; call with a whole Cluster"));
  }

  public static Cluster parse(ByteString json) {
    return parse(json.toByteArray());
  }

  public static Cluster parse(byte[] json) {
    return new Cluster(JsonTree.parse("Cluster", json));
  }

  public String name() {
    return name;
  }

  public String namespace() {
    return metadata.get("namespace").text().orElse("");
  }

  public String uid() {
    return metadata.get("uid").text().orElse("");
  }

  /// Whether somebody has deleted it, and it is on its way out.
  public boolean isBeingDeleted() {
    return metadata.get("deletionTimestamp").text().isPresent();
  }

  public Map<String, String> annotations() {
    return metadata.get("annotations").texts();
  }

  /// Our entry of `spec.plugins`, where it is enabled.
  public Optional<PluginEntry> plugin() {
    return spec.get("plugins").items().stream()
        .map(PluginEntry::of)
        .filter(PluginEntry::isOurs)
        .findFirst();
  }

  /// Whether CNPG asks plugins besides ours about this Cluster.
  public boolean hasOtherPlugins() {
    return spec.get("plugins").items().stream()
        .map(PluginEntry::of)
        .anyMatch(plugin -> plugin.enabled() && !plugin.isOurs());
  }

  public List<ExternalCluster> externalClusters() {
    return spec.get("externalClusters").items().stream().map(ExternalCluster::of).toList();
  }

  /// The external cluster this one was, or is to be, recovered from.
  public Optional<ExternalCluster> recoverySource() {
    return externalCluster(recovery().get("source"));
  }

  /// The external cluster this one follows, or followed before it was promoted.
  public Optional<ExternalCluster> replicaSource() {
    return externalCluster(replica().get("source"));
  }

  public Optional<RecoveryTargetSpec> recoveryTarget() {
    return Optional.of(recovery().get("recoveryTarget"))
        .filter(JsonTree::present)
        .map(RecoveryTargetSpec::of);
  }

  /// Whether the data directory comes from volume snapshots, and only WAL from the archive.
  public boolean isRecoveredFromSnapshots() {
    return recovery().get("volumeSnapshots").present();
  }

  /// Whether the cluster follows another one, by the rule of CNPG: `enabled` where it is set, else
  /// whether the primary of the topology is another cluster.
  public boolean isReplica() {
    if (!replica().present()) {
      return false;
    }
    return replica()
        .get("enabled")
        .flag()
        .orElseGet(
            () -> {
              var self = replica().get("self").text().orElse(name);
              return !self.equals(replica().get("primary").text().orElse(""));
            });
  }

  public Optional<String> promotionToken() {
    return replica().get("promotionToken").text();
  }

  public Optional<String> lastPromotionToken() {
    return status.get("lastPromotionToken").text();
  }

  /// A replica cluster on its way to be a primary one, as the token of the former primary says.
  public boolean isPromotedByToken() {
    return !isReplica()
        && promotionToken().filter(token -> !token.isBlank()).isPresent()
        && !promotionToken().equals(lastPromotionToken());
  }

  /// Whether it has no primary yet: its first instance is being made.
  public boolean isBootstrapping() {
    return currentPrimary().isEmpty();
  }

  /// Whether its WAL is archived by this plugin.
  public boolean archivesHere() {
    return plugin().filter(PluginEntry::isWalArchiver).isPresent();
  }

  public Optional<String> currentPrimary() {
    return status.get("currentPrimary").text();
  }

  public Optional<String> targetPrimary() {
    return status.get("targetPrimary").text();
  }

  /// Where an instance was when CNPG last asked it.
  public Optional<String> address(String instance) {
    return status.get("instancesReportedState").get(instance).get("ip").text();
  }

  /// Whether the primary is one, and [#timeline()] is its timeline: not while another instance is
  /// to take over, and not while CNPG knows the primary as the standby that it was. One that CNPG
  /// cannot reach has no timeline there.
  public boolean hasSettledPrimary() {
    var primary = currentPrimary();
    return primary.equals(targetPrimary()) && primary.filter(this::isReportedStandby).isEmpty();
  }

  private boolean isReportedStandby(String instance) {
    var reported = status.get("instancesReportedState").get(instance);
    return !reported.get("isPrimary").flag().orElse(true)
        && reported.get("timeLineID").number().orElse(0) != 0;
  }

  /// Whether CNPG promotes no instance that lacks a transaction which was confirmed: all standbys,
  /// or a quorum that CNPG counts before it promotes, had to have it.
  public boolean promotesNothingIncomplete() {
    var synchronous = spec.get("postgresql").get("synchronous");
    if (!synchronous.present()
        || !synchronous.get("dataDurability").text().orElse("required").equals("required")
        || !synchronous.get("standbyNamesPre").items().isEmpty()
        || !synchronous.get("standbyNamesPost").items().isEmpty()
        || synchronous.get("maxStandbyNamesFromCluster").present()) {
      return false;
    }
    int confirming = synchronous.get("number").number().orElse(0);
    return synchronous.get("failoverQuorum").flag().orElse(false)
        || (instances() > 1 && confirming >= instances() - 1);
  }

  public Optional<Integer> timeline() {
    return status.get("timelineID").number();
  }

  public Optional<String> phase() {
    return status.get("phase").text();
  }

  /// What the plugin last had CNPG write about this Cluster, where that release of CNPG keeps it.
  public Optional<String> pluginStatus() {
    return status.get("pluginStatus").items().stream()
        .filter(entry -> entry.get("name").text().equals(Optional.of(Plugin.NAME)))
        .flatMap(entry -> entry.get("status").text().stream())
        .findFirst();
  }

  /// The image PostgreSQL runs from.
  public Optional<String> image() {
    return status.get("image").text().or(() -> spec.get("imageName").text());
  }

  /// `spec.resources.limits`, which CNPG gives to the containers of its own.
  public Map<String, String> limits() {
    return spec.get("resources").get("limits").texts();
  }

  /// `spec.resources.requests`, likewise.
  public Map<String, String> requests() {
    return spec.get("resources").get("requests").texts();
  }

  public Optional<String> priorityClassName() {
    return spec.get("priorityClassName").text();
  }

  public boolean hasWalStorage() {
    return spec.get("walStorage").present();
  }

  public List<String> tablespaces() {
    return spec.get("tablespaces").items().stream()
        .flatMap(tablespace -> tablespace.get("name").text().stream())
        .toList();
  }

  /// The settings of PostgreSQL that the user gives.
  public Map<String, String> postgresParameters() {
    return spec.get("postgresql").get("parameters").texts();
  }

  public String serviceAccountName() {
    return spec.get("serviceAccountName").text().orElse(name);
  }

  public int instances() {
    return spec.get("instances").number().orElse(1);
  }

  public Optional<String> imagePullPolicy() {
    return spec.get("imagePullPolicy").text();
  }

  /// Whether its data directory was made by `initdb`, and so is a copy of no other cluster's.
  public boolean isMadeByInitdb() {
    var bootstrap = spec.get("bootstrap");
    return !bootstrap.get("recovery").present() && !bootstrap.get("pg_basebackup").present();
  }

  /// Whether the user has said that the archive need not be empty.
  public boolean skipEmptyWalArchiveCheck() {
    return "enabled".equals(annotations().get(SKIP_EMPTY_ARCHIVE_CHECK));
  }

  /// What the data directory was made by, else what the image is said to be.
  public Optional<Integer> postgresMajorVersion() {
    return status
        .get("pgDataImageInfo")
        .get("majorVersion")
        .number()
        .or(() -> spec.get("imageCatalogRef").get("major").number())
        .or(() -> image().flatMap(Cluster::majorVersionOfTag));
  }

  private JsonTree recovery() {
    return spec.get("bootstrap").get("recovery");
  }

  private JsonTree replica() {
    return spec.get("replica");
  }

  private Optional<ExternalCluster> externalCluster(JsonTree source) {
    return source
        .text()
        .flatMap(
            wanted ->
                externalClusters().stream()
                    .filter(cluster -> cluster.name().equals(wanted))
                    .findFirst());
  }

  /// The major version of PostgreSQL that the tag of an image begins with, as CNPG reads it.
  public static Optional<Integer> majorVersionOfTag(String image) {
    var untilDigest = image.split("@", 2)[0];
    var tag = MAJOR_VERSION_IN_TAG.matcher(untilDigest);
    return tag.find() ? Optional.of(Integer.valueOf(tag.group(1))) : Optional.empty();
  }
}
