package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What people write wrong in the YAML, each answered when it is applied or within half a minute in
/// what `kubectl describe` shows, with the remedy.
class MistakesStory {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String NAME = "    name: main\n";
  private static final String REFERENCE = "stanzaRef: stanza-sample";

  @RegisterExtension final StoryTeller teller = new StoryTeller("mistakes");

  @Test
  void whatASchemaCanTellIsRefusedWhenItIsApplied() {
    Story story = teller.story();
    List<Mistake> mistakes =
        List.of(
            new Mistake("repoPath:", "repoPaht:", "s3Repositories[0].repoPaht"),
            new Mistake(
                "- bucket: demo\n        endpoint:", "- endpoint:", "s3Repositories[0].bucket"),
            new Mistake(
                "uriStyle: path", "uriStyle: paths", "supported values: \"host\", \"path\""),
            new Mistake("full: 7,", "full: 0,", "should be greater than or equal to 1"),
            new Mistake(
                "full: 7, fullType: count,", "fullType: time,", "fullType 'time' needs 'full'"),
            new Mistake(
                "uriStyle: path",
                "uriStyle: path\n        block: true\n        bundle: false",
                "block needs bundle; remove 'bundle: false'"),
            new Mistake(NAME, NAME + "    archive: {pushQueueMax: 5 GB}\n", "archive.pushQueueMax"),
            new Mistake(
                NAME,
                NAME + "    compressConfig: {type: gz, level: 11}\n",
                "level is out of range for its type; use gz -1 to 9"));
    for (Mistake mistake : mistakes) {
      Manifest wrong = story.stanza().with(mistake.text, mistake.wrong);
      assertThatThrownBy(() -> story.apply(wrong))
          .as(mistake.wrong)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining(mistake.answer);
      story.say("refused: " + mistake.answer);
    }
  }

  @Test
  void whatOnlyTheStanzaItselfCanTellIsItsConditionValid() {
    Story story = teller.story();
    story.apply(story.stanza().with(NAME, NAME + "    options: {repo1-s3-bucket: other}\n"));
    awaitValid(story, "False", "bucket");

    story.apply(story.stanza().with(NAME, NAME + "    options: {compres-type: zst}\n"));
    awaitValid(story, "False", "compres-type");

    story.apply(
        story
            .stanza()
            .with(
                "accessKeyId: {name: pgbackrest-s3-secret, key: ACCESS_KEY_ID}",
                "accessKeyId: {name: pgbackrest-s3-secret, key: ACCESS_KEY}"));
    awaitValid(story, "False", "ACCESS_KEY");

    story.apply(story.stanza());
    awaitValid(story, "True", "");
  }

  @Test
  void aClusterThatNamesWhatIsNotThereIsToldSo() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with(REFERENCE, "stanzaRef: stanza-smaple"));
    awaitTold(
        story,
        "there is no Stanza 'stanza-smaple' in namespace '%s', which the cluster refers to; create it"
            .formatted(story.namespace()));

    story.apply(
        Story.quick("cluster.yaml")
            .with("name: cluster-demo", "name: cluster-other")
            .with(REFERENCE, REFERENCE + "\n        pluginConfigReff: none"));
    awaitTold(story, "has no parameter 'pluginConfigReff'; known are");

    story.apply(
        Story.quick("cluster.yaml")
            .with("name: cluster-demo", "name: cluster-third")
            .with(REFERENCE, REFERENCE + "\n        pluginConfigRef: none"));
    awaitTold(
        story, "there is no PluginConfig 'none' in namespace '%s'".formatted(story.namespace()));
  }

  @Test
  void aRunningClusterAndItsBackupsSayWhatIsWrong() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");

    assertThat(failureOf(story, "type", "backupType: ful"))
        .contains("parameter 'backupType' is 'ful'; write one of full, diff, incr");
    assertThat(failureOf(story, "repository", "selectedRepository: offsite"))
        .contains("the stanza 'stanza-sample' has no repository 'offsite'; choose one of 1");
    assertThat(failureOf(story, "parameter", "backuptype: full"))
        .contains("unknown parameter 'backuptype' of the Backup; known are backupType");
    assertThat(failureOf(story, "timeout", "timeout: soon"))
        .contains("parameter 'timeout' is 'soon'; write a duration such as 90m");

    story.apply(story.stanza().with("bucket: demo", "bucket: dmeo"));
    awaitTold(
        story,
        "; remedy: there is no such bucket at this endpoint: create it, or correct 'bucket' or 'endpoint'"
            + " in the Stanza");
    story.apply(story.stanza().with("endpoint: s3.minio", "endpoint: s4.minio"));
    // pgBackRest looks for a host for a minute. That the repository is away is no news by now: the
    // condition says why.
    story.await(
        "the stanza says that the host name cannot be resolved",
        Duration.ofMinutes(2),
        () -> story.get("Stanza", "stanza-sample").path("status").path("conditions").toString(),
        words ->
            words.contains(
                "the host name cannot be resolved: correct 'endpoint' in the Stanza, or check that the"
                    + " store and DNS are running"));
    story.apply(story.stanza());
    story.await(
        "the archive goes on",
        Duration.ofMinutes(2),
        () -> Story.condition(story.get("Stanza", "stanza-sample"), "Archiving"),
        "True"::equals);
  }

  /// @param text what the example says
  private record Mistake(String text, String wrong, String answer) {}

  private static void awaitValid(Story story, String status, String words) {
    story.await(
        "the stanza's condition Valid is %s %s".formatted(status, words),
        SOON,
        () -> story.get("Stanza", "stanza-sample"),
        stanza ->
            Story.condition(stanza, "Valid").equals(status)
                && stanza.path("status").path("conditions").toString().contains(words));
  }

  private static void awaitTold(Story story, String words) {
    story.await("told: " + words, SOON, story::events, events -> events.contains(words));
  }

  /// What the object of a Backup says that cannot be taken.
  private static String failureOf(Story story, String name, String parameters) {
    assertThatThrownBy(() -> story.backup(name, parameters)).isInstanceOf(AssertionError.class);
    return story.get("Backup", name).path("status").path("error").asText();
  }
}
