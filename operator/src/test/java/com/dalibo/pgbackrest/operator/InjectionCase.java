package com.dalibo.pgbackrest.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.operator.injection.SidecarResolver;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.MissingObjectException;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A folder of `src/test/resources/injection`: a Cluster, the objects it names, what CNPG wants to
/// create, and what becomes of it.
public record InjectionCase(Path folder) {

  public static final ObjectMapper JSON = new ObjectMapper();
  static final String IMAGE = "registry.example/pgbackrest-sidecar:1";

  private static final Path ROOT = Path.of("src/test/resources/injection");

  public static List<InjectionCase> all() throws IOException {
    try (var folders = Files.list(ROOT)) {
      return folders.sorted().map(InjectionCase::new).toList();
    }
  }

  public static InjectionCase named(String name) {
    return new InjectionCase(ROOT.resolve(name));
  }

  public ByteString cluster() throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(folder.resolve("cluster.json")));
  }

  public ByteString object() throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(folder.resolve("object.json")));
  }

  public Inventory inventory() throws IOException {
    var inventory = new Inventory();
    inventory.completeWhen(() -> true);
    for (var object : objects()) {
      var key = key(object);
      switch (object.path("kind").asText()) {
        case "Stanza" -> inventory.putStanza(key, object.toString());
        case "PluginConfig" -> inventory.putPluginConfig(key, object.toString());
        case String kind -> throw new IllegalArgumentException(kind);
      }
    }
    return inventory;
  }

  /// What the Cluster names.
  public JsonNode objects() throws IOException {
    return JSON.readTree(folder.resolve("inventory.json").toFile());
  }

  public static ObjectKey key(JsonNode object) {
    var metadata = object.path("metadata");
    return new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  public LifecycleService service() throws IOException {
    return new LifecycleService(
        new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory(), IMAGE));
  }

  /// The file that tells the outcome, and its content.
  record Outcome(String file, String content) {}

  public Outcome outcome() throws Exception {
    try {
      var patch = service().patch(cluster(), object());
      return patch.isEmpty()
          ? new Outcome("unchanged.txt", "unchanged\n")
          : new Outcome("patched.json", pretty(patched(object(), patch)));
    } catch (MissingObjectException | com.dalibo.pgbackrest.stanza.api.InvalidStanzaException e) {
      return new Outcome("refused.txt", e.getMessage() + "\n");
    }
  }

  public static JsonNode patched(ByteString object, ByteString patch) throws IOException {
    var before = JSON.readTree(object.toByteArray());
    return patch.isEmpty() ? before : JsonPatch.apply(JSON.readTree(patch.toByteArray()), before);
  }

  static String pretty(JsonNode document) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  public void check(Outcome outcome) throws IOException {
    if (System.getProperty("golden", "check").equals("update")) {
      for (var name : List.of("unchanged.txt", "patched.json", "refused.txt")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.writeString(folder.resolve(outcome.file()), outcome.content());
    }
    assertThat(files())
        .isEqualTo(Set.of("cluster.json", "object.json", "inventory.json", outcome.file()));
    assertThat(Files.readString(folder.resolve(outcome.file()), UTF_8))
        .isEqualTo(outcome.content());
  }

  private Set<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
