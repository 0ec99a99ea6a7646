package com.dalibo.pgbackrest.operator.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ArchivingClustersTest {

  private static final ObjectKey MAIN = new ObjectKey("default", "main");
  private static final ObjectKey OTHER = new ObjectKey("default", "other");

  private final ArchivingClusters archiving = new ArchivingClusters();

  @Test
  void clustersAreFoundByTheirStanza() {
    put("one", "isWALArchiver: true, parameters: {stanzaRef: main}");
    put("two", "isWALArchiver: true, parameters: {stanzaRef: main}");
    put("three", "isWALArchiver: true, parameters: {stanzaRef: other}");

    assertThat(archiving.of(MAIN)).containsExactlyInAnyOrder(key("one"), key("two"));
    assertThat(archiving.of(OTHER)).containsExactly(key("three"));
    assertThat(archiving.of(new ObjectKey("elsewhere", "main"))).isEmpty();
  }

  @Test
  void aClusterThatChangesItsStanzaIsFoundThereAlone() {
    put("one", "isWALArchiver: true, parameters: {stanzaRef: main}");
    put("one", "isWALArchiver: true, parameters: {stanzaRef: other}");

    assertThat(archiving.of(MAIN)).isEmpty();
    assertThat(archiving.of(OTHER)).containsExactly(key("one"));
  }

  @Test
  void aClusterThatNoLongerArchivesOrIsGoneIsNotFound() {
    put("one", "isWALArchiver: true, parameters: {stanzaRef: main}");
    put("two", "isWALArchiver: true, parameters: {stanzaRef: main}");
    put("one", "enabled: false, isWALArchiver: true, parameters: {stanzaRef: main}");
    archiving.remove(key("two"));

    assertThat(archiving.of(MAIN)).isEmpty();
  }

  @Test
  void aReferenceThatCannotBeReadMayMeanAnyStanzaOfItsNamespace() {
    put("one", "isWALArchiver: true, parameters: {stanzaReff: main}");

    assertThat(archiving.of(MAIN)).isEmpty();
    assertThat(archiving.unreadable("default")).containsExactly(key("one"));
    assertThat(archiving.unreadable("elsewhere")).isEmpty();

    put("one", "isWALArchiver: true, parameters: {stanzaRef: main}");
    assertThat(archiving.unreadable("default")).isEmpty();
  }

  private void put(String name, String plugin) {
    archiving.put(
        key(name),
        Cluster.parse(
            """
            {"metadata": {"name": "%s", "namespace": "default"},
             "spec": {"plugins": [{"name": "pgbackrest.dalibo.com", %s}]}}
            """
                .formatted(
                    name,
                    plugin
                        .replaceAll("([A-Za-z]+)(?=:)", "\"$1\"")
                        .replaceAll(": (main|other)", ": \"$1\""))
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }
}
