package com.dalibo.pgbackrest.sidecar.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// A Cluster that is to go on in the archive it was recovered from.
class TakeoverTest {
  private static final String ACCEPTED = "cnpg.io/skipEmptyWalArchiveCheck";
  private static final String NOBODY = "{}";
  private static final String FORMER_SELF = owner("demo", "former uid", "Archiving");
  private static final String ITSELF = owner("demo", "our uid", "Archiving");
  private static final String ALIVE = owner("prod", "another uid", "Archiving");
  private static final String GONE = owner("prod", "another uid", "ClusterGone");
  private static final String REPLACED = owner("prod", "another uid", "OwnerReplaced");

  @Test
  void itIsRefusedUnaskedWithTheCommandThatLetsIt() throws Exception {
    for (var status : new String[] {NOBODY, FORMER_SELF, GONE, REPLACED}) {
      assertThatThrownBy(() -> refuse("none", status, "app"))
          .hasMessage(
              "the Cluster 'demo' must not archive to stanza 'app': that is the archive it was recovered"
                  + " from (stanza 'app'), and its WAL there would break later restores. Give the cluster a"
                  + " Stanza of its own, with another repoPath or stanza name; or, to let it "
                  + "continue that archive in place of the cluster that wrote it: kubectl annotate cluster demo"
                  + " --namespace shop cnpg.io/skipEmptyWalArchiveCheck=enabled");
    }
  }

  @Test
  void whatThatCommandSaysIsDone() {
    for (var status : new String[] {NOBODY, FORMER_SELF, GONE, REPLACED}) {
      assertThatCode(() -> refuse(ACCEPTED, status, "app")).doesNotThrowAnyException();
      assertThatCode(() -> claim(ACCEPTED, status).refuseOtherOwner()).doesNotThrowAnyException();
    }
  }

  @Test
  void onceOnRecordItNeedsNoAnnotation() {
    assertThatCode(() -> refuse("none", ITSELF, "app")).doesNotThrowAnyException();
  }

  @Test
  void aLivingClusterKeepsItsArchiveWhateverTheAnnotationSays() {
    for (var own : new String[] {"app", "alias"}) {
      assertThatThrownBy(() -> refuse(ACCEPTED, ALIVE, own))
          .hasMessageContaining("must not archive to stanza '" + own + "'")
          .hasMessageEndingWith(
              "Give the cluster a Stanza of its own, with another repoPath or stanza name");
    }
    assertThatThrownBy(() -> claim(ACCEPTED, ALIVE).refuseOtherOwner())
        .hasMessageContaining("stanza 'app' belongs to the Cluster 'prod'");
  }

  @Test
  void theOneThatIsGoneMustBeTheOneOnRecord() throws Exception {
    var stale = GONE.replace("\"cluster\": \"prod\"", "\"cluster\": \"next\"");

    assertThat(claim(ACCEPTED, stale).isFree()).isFalse();
  }

  @Test
  void anOwnerThatIsGoneIsReplacedOnlyByOneThatIsToldTo() {
    assertThatThrownBy(() -> claim("none", GONE).refuseOtherOwner())
        .hasMessage(
            "stanza 'app' belonged to the Cluster 'prod', which is gone; the Cluster 'demo' does "
                + "not archive there without permission. Give the cluster a Stanza of its own, with another repoPath or stanza"
                + " name; or, to let it continue that archive in place of the cluster that wrote it: kubectl"
                + " annotate cluster demo --namespace shop cnpg.io/skipEmptyWalArchiveCheck=enabled");
  }

  private static void refuse(String annotation, String status, String own) throws Exception {
    var cluster = cluster(annotation);
    var source =
        StanzaReferences.of(cluster).valid().stream()
            .filter(reference -> reference.stanzaName().equals("app"))
            .filter(
                reference ->
                    reference.purpose()
                        == com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose.RECOVERY)
            .findFirst()
            .orElseThrow();
    SourceArchives.refuse(cluster, stanza(own, "{}"), source, stanza("app", status));
  }

  private static OwnershipClaim claim(String annotation, String status) throws Exception {
    return OwnershipClaim.of(cluster(annotation), stanza("app", status), false);
  }

  private static Cluster cluster(String annotation) {
    return Cluster.parse(
        """
        {"metadata": {"name": "demo", "namespace": "shop", "uid": "our uid",
                      "annotations": {"%s": "enabled"}},
         "spec": {
           "plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true,
                        "parameters": {"stanzaRef": "app"}}],
           "bootstrap": {"recovery": {"source": "origin"}},
           "externalClusters": [{"name": "origin", "plugin": {"name": "pgbackrest.dalibo.com",
                                 "parameters": {"stanzaRef": "app"}}}]}}
        """
            .formatted(annotation)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static Stanza stanza(String name, String status) throws Exception {
    return ApiReader.strict()
        .read(
            JsonParser.parseString(
                    """
                    {"metadata": {"name": "%s", "namespace": "shop"},
                     "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories":
                       [{"claimName": "c", "repoPath": "/p"}]}},
                     "status": %s}
                    """
                        .formatted(name, status))
                .getAsJsonObject(),
            Stanza.class);
  }

  private static String owner(String name, String uid, String reason) {
    return """
        {"owner": {"cluster": "%s", "uid": "%s"},
         "conditions": [{"type": "Archiving", "status": "False", "reason": "%s",
                         "message": "cluster 'prod', which archived here, is gone"}]}
        """
        .formatted(name, uid, reason);
  }
}
