package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.store.AzureServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A repository in a container of Azure's blob storage.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class AzureRepositoryIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private AzureServer server;
  private RepositoryStory story;

  @BeforeAll
  void aClusterWithAContainer() {
    datacenter = new TestCluster(directory);
    server = AzureServer.start(datacenter.directory("azure"), datacenter.certificates, "backups");
    key(server.key());
    story =
        new RepositoryStory(
            datacenter, "azureRepositories", members(), () -> server.keys("backups"));
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
  void aSharedAccessSignatureWillDo() throws Exception {
    datacenter.secret("sas", "key: \"%s\"".formatted(server.sharedAccessSignature()));

    story.archivesTo(
        "sas",
        members().replace("name: azure", "name: sas").replace("/demo", "/sas") + "keyType: sas,");
  }

  @Test
  void aKeyThatIsNotTheAccounts() throws Exception {
    var answers = story.whileWrong(() -> key(server.strangersKey()), () -> key(server.key()));

    answers.allSay(
        "FAILED_PRECONDITION",
        "HTTP request failed with 403",
        "AuthorizationFailure",
        "; remedy: the key does not belong to the account, or the network rules of the account refuse this"
            + " pod: correct 'account' in the Stanza");
  }

  @Test
  void aContainerThatDoesNotExist() {
    var answers =
        story.fromTheBeginning(
            "nowhere", members().replace("container: backups", "container: nowhere"));

    answers.allSay(
        "FAILED_PRECONDITION",
        "ContainerNotFound",
        "; remedy: there is no such container in this account: create it, or correct 'container'");
  }

  @Test
  void anAuthorityThatIsNotGiven() {
    var answers =
        story.fromTheBeginning(
            "distrust", members().replace("caSecretRef: {name: ca, key: crt},", ""));

    answers.allSay(
        "FAILED_PRECONDITION",
        "unable to verify certificate presented by 'localhost:" + server.port(),
        "; remedy: name the certificate authority of the store in 'caSecretRef' or 'caConfigMapRef'");
  }

  @Test
  void aServerThatIsNotThere() throws Exception {
    var answers = story.whileAway(this::refuse, this::accept);

    answers.allTellThatItIsAway("unable to connect to 'localhost:" + server.port());
  }

  private String members() {
    return """
        account: %s, container: backups, endpoint: %s, port: %d, uriStyle: path, repoPath: /demo,
        caSecretRef: {name: ca, key: crt}, secretRef: {keyReference: {name: azure, key: key}},
        """
        .formatted(server.account(), server.host(), server.port());
  }

  private boolean key(String key) {
    datacenter.secret("azure", "key: \"%s\"".formatted(key));
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
