package com.dalibo.pgbackrest.cnpgi.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
  private static final Path CASES = Path.of("src/test/resources/views");

  @ParameterizedTest
  @MethodSource("cases")
  void aClusterIsSeenAsWritten(Path folder) throws IOException {
    var cluster = Cluster.parse(Files.readAllBytes(folder.resolve("cluster.json")));

    var view = view(cluster);

    var golden = folder.resolve("view.txt");
    if ("update".equals(System.getProperty("golden"))) {
      Files.writeString(golden, view);
    }
    assertThat(golden).hasContent(view);
    assertThat(entries(folder)).containsExactlyInAnyOrder("cluster.json", "view.txt");
  }

  @Test
  void theBytesOfARequestAreReadAsTheyAre() {
    assertThat(Cluster.parse(ByteString.copyFromUtf8("{\"metadata\":{\"name\":\"é\"}}")).name())
        .isEqualTo("é");
  }

  @Test
  void whatNobodyAsksForIsNotHeld() {
    var fields = new ArrayList<WeakReference<JsonElement>>();
    var cluster = new Cluster(JsonTree.of("Cluster", withManyFields(fields)));

    System.gc();

    assertThat(fields).hasSize(5).allMatch(field -> field.refersTo(null));
    assertThat(cluster.name()).isEqualTo("c");
    assertThat(cluster.annotations()).containsExactly(entry("a", "b"));
  }

  /// @param fields gets those that nobody asks for
  private static JsonObject withManyFields(List<WeakReference<JsonElement>> fields) {
    var object =
        JsonParser.parseString(
                """
                {"metadata": {"name": "c", "managedFields": [{}],
                   "annotations": {"a": "b", "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
                 "spec": {"affinity": {}},
                 "status": {"certificates": {}},
                 "other": {}}
                """)
            .getAsJsonObject();
    Stream.of(
            object.getAsJsonObject("metadata").get("managedFields"),
            object
                .getAsJsonObject("metadata")
                .getAsJsonObject("annotations")
                .get("kubectl.kubernetes.io/last-applied-configuration"),
            object.getAsJsonObject("spec").get("affinity"),
            object.getAsJsonObject("status").get("certificates"),
            object.get("other"))
        .map(WeakReference::new)
        .forEach(fields::add);
    return object;
  }

  @Test
  void whereAnInstanceIsIsKnownOnceCnpgHasAskedIt() {
    var cluster =
        parse(
            """
            {"metadata": {"name": "c"}, "status": {"instancesReportedState":
              {"c-1": {"isPrimary": true, "ip": "10.244.0.7"}, "c-2": {"isPrimary": false}}}}
            """);

    assertThat(cluster.address("c-1")).contains("10.244.0.7");
    assertThat(cluster.address("c-2")).isEmpty();
    assertThat(cluster.address("c-3")).isEmpty();
  }

  @Test
  void aPrimaryIsSettledOnceCnpgHasSeenThatItIsOne() {
    assertThat(cluster("c-1", "c-1", "{}").hasSettledPrimary()).isTrue();
    assertThat(cluster("c-1", "c-2", "{}").hasSettledPrimary()).isFalse();
    assertThat(
            cluster("c-2", "c-2", "{\"c-2\": {\"isPrimary\": false, \"timeLineID\": 7}}")
                .hasSettledPrimary())
        .isFalse();
    assertThat(
            cluster("c-2", "c-2", "{\"c-2\": {\"isPrimary\": true, \"timeLineID\": 8}}")
                .hasSettledPrimary())
        .isTrue();
  }

  @Test
  void onlySynchronousReplicationThatCannotBePassedByPromotesNothingIncomplete() {
    assertThat(complete("\"method\": \"any\", \"number\": 2")).isTrue();
    assertThat(complete("\"method\": \"any\", \"number\": 1, \"failoverQuorum\": true")).isTrue();

    assertThat(complete("\"method\": \"any\", \"number\": 1")).isFalse();
    assertThat(complete("\"number\": 2, \"dataDurability\": \"preferred\"")).isFalse();
    assertThat(complete("\"number\": 2, \"standbyNamesPre\": [\"elsewhere\"]")).isFalse();
    assertThat(complete("\"number\": 2, \"maxStandbyNamesFromCluster\": 1")).isFalse();
    assertThat(parse("{\"metadata\": {\"name\": \"c\"}}").promotesNothingIncomplete()).isFalse();
  }

  private static boolean complete(String synchronous) {
    return parse(
            "{\"metadata\": {\"name\": \"c\"}, \"spec\": {\"instances\": 3, \"postgresql\": {\"synchronous\": {%s}}}}"
                .formatted(synchronous))
        .promotesNothingIncomplete();
  }

  @Test
  void aPrimaryThatCnpgCannotReachIsTheLastThatIsKnown() {
    assertThat(cluster("c-2", "c-2", "{\"c-2\": {\"isPrimary\": false}}").hasSettledPrimary())
        .isTrue();
  }

  private static Cluster cluster(String currentPrimary, String targetPrimary, String reported) {
    return parse(
        """
        {"metadata": {"name": "c"}, "status": {
          "currentPrimary": "%s", "targetPrimary": "%s", "instancesReportedState": %s}}
        """
            .formatted(currentPrimary, targetPrimary, reported));
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example:5000/postgresql:17.5-minimal-trixie, 17",
    "postgresql:18@sha256:0123, 18",
    "postgresql:2026-11, ",
    "postgresql:1.0-mine, ",
    "registry.example:5000/postgresql@sha256:0123, "
  })
  void theMajorVersionIsKnownWhereATagHasOne(String image, Integer major) {
    assertThat(
            parse(
                    "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"imageName\":\"%s\"}}"
                        .formatted(image))
                .postgresMajorVersion())
        .isEqualTo(Optional.ofNullable(major));
  }

  @Test
  void aBrokenClusterIsNamed() {
    assertThatThrownBy(() -> parse("{\"metadata\":"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cluster in the request is not JSON: ")
        .hasMessageEndingWith("; call with the JSON of the object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7"})
  void whatIsNoObjectIsNamed(String json) {
    assertThatThrownBy(() -> parse(json))
        .hasMessage(
            "Cluster in the request is not a JSON object; call with the JSON of the object");
  }

  @Test
  void aClusterWithoutANameIsRefused() {
    assertThatThrownBy(() -> parse("{\"spec\":{}}"))
        .hasMessage("'metadata.name' of the Cluster is missing; call with a whole Cluster");
  }

  @Test
  void aValueOfAnotherTypeIsRefusedWithItsPlace() {
    var cluster =
        parse("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"plugins\":[{},{\"enabled\":\"yes\"}]}}");

    assertThatThrownBy(cluster::plugin)
        .hasMessage(
            "'spec.plugins[1].enabled' of the Cluster is not true or false; correct it in"
                + " Kubernetes");
  }

  static Stream<Path> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  private static Cluster parse(String json) {
    return Cluster.parse(ByteString.copyFromUtf8(json));
  }

  private static List<String> entries(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String view(Cluster cluster) {
    var view = new LinkedHashMap<String, Object>();
    view.put("name", cluster.name());
    view.put("namespace", cluster.namespace());
    view.put("uid", cluster.uid());
    view.put("isBeingDeleted", cluster.isBeingDeleted());
    view.put("annotations", cluster.annotations());
    view.put("plugin", cluster.plugin());
    view.put("externalClusters", cluster.externalClusters());
    view.put("recoverySource", cluster.recoverySource());
    view.put("replicaSource", cluster.replicaSource());
    view.put("recoveryTarget", cluster.recoveryTarget());
    view.put("isRecoveredFromSnapshots", cluster.isRecoveredFromSnapshots());
    view.put("isReplica", cluster.isReplica());
    view.put("promotionToken", cluster.promotionToken());
    view.put("lastPromotionToken", cluster.lastPromotionToken());
    view.put("currentPrimary", cluster.currentPrimary());
    view.put("targetPrimary", cluster.targetPrimary());
    view.put("hasSettledPrimary", cluster.hasSettledPrimary());
    view.put("timeline", cluster.timeline());
    view.put("phase", cluster.phase());
    view.put("pluginStatus", cluster.pluginStatus());
    view.put("image", cluster.image());
    view.put("limits", cluster.limits());
    view.put("requests", cluster.requests());
    view.put("priorityClassName", cluster.priorityClassName());
    view.put("postgresParameters", cluster.postgresParameters());
    view.put("hasWalStorage", cluster.hasWalStorage());
    view.put("tablespaces", cluster.tablespaces());
    view.put("serviceAccountName", cluster.serviceAccountName());
    view.put("instances", cluster.instances());
    view.put("imagePullPolicy", cluster.imagePullPolicy());
    view.put("skipEmptyWalArchiveCheck", cluster.skipEmptyWalArchiveCheck());
    view.put("postgresMajorVersion", cluster.postgresMajorVersion());
    return view.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
