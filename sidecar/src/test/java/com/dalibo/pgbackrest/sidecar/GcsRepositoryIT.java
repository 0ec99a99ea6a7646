package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.store.GcsServer;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A repository in a bucket of Google Cloud Storage, as far as a stand-in is that.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class GcsRepositoryIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private GcsServer server;
  private RepositoryStory story;

  @BeforeAll
  void aClusterWithABucket() {
    datacenter = new TestCluster(directory);
    server = GcsServer.start(datacenter.certificates, "backups");
    key(server.serviceKey());
    story = new RepositoryStory(datacenter, "gcsRepositories", members(), server::keys);
  }

  @AfterAll
  void end() {
    story.close();
    server.close();
    datacenter.close();
  }

  @Test
  void theMainJob() throws Exception {
    story.goesFromTheFirstWalToARestoreAndExpires();
  }

  @Test
  void aTokenWillDo() throws Exception {
    datacenter.secret("token", "key: " + server.token());

    story.archivesTo(
        "token",
        members().replace("name: gcs", "name: token").replace("/demo", "/token")
            + "keyType: token,");
  }

  @Test
  void aKeyThatIsNotTheAccounts() throws Exception {
    var answers =
        story.whileWrong(() -> key(server.strangersKey()), () -> key(server.serviceKey()));

    answers.allSay(
        "FAILED_PRECONDITION",
        "unable to get authentication token: [invalid_grant] Invalid JWT Signature.",
        "; remedy: Google no longer recognises this service account key: put a valid key file into the"
            + " Secret that 'secretRef.keyReference' names");
  }

  @Test
  void aTokenThatHasRunOut() {
    datacenter.secret("old", "key: ya29.old");
    var answers =
        story.fromTheBeginning(
            "old", members().replace("name: gcs", "name: old") + "keyType: token,");

    answers.allSay(
        "FAILED_PRECONDITION",
        "HTTP request failed with 401 (Unauthorized)",
        "Invalid Credentials",
        "; remedy: the token is not valid, or has expired");
  }

  @Test
  void aBucketThatDoesNotExist() {
    var answers =
        story.fromTheBeginning("nowhere", members().replace("bucket: backups", "bucket: nowhere"));

    answers.allSay(
        "FAILED_PRECONDITION",
        "HTTP request failed with 404 (Not Found)",
        "; remedy: there is no such bucket at this endpoint: create it, or correct 'bucket' or 'endpoint'");
  }

  @Test
  void aServerThatIsNotThere() throws Exception {
    var answers = story.whileAway(this::refuse, this::accept);

    answers.allTellThatItIsAway("unable to connect to 'localhost:" + server.port());
  }

  private String members() {
    return """
        bucket: backups, endpoint: %s, port: %d, repoPath: /demo,
        caSecretRef: {name: ca, key: crt}, secretRef: {keyReference: {name: gcs, key: key}},
        """
        .formatted(server.host(), server.port());
  }

  private boolean key(String key) {
    datacenter.secret("gcs", "key: " + new JsonPrimitive(key));
    return true;
  }

  private boolean refuse() {
    server.refuse();
    return true;
  }

  private boolean accept() {
    server.accept();
    return true;
  }
}
