package com.dalibo.pgbackrest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

  private static Configuration.Builder example() {
    return Configuration.builder("main")
        .stanza("pg1-path", "/pgdata")
        .repository(2, "path", "/two")
        .repository(1, "type", "s3")
        .repositorySecret(1, "s3-key-secret", "hush")
        .repository(1, "storage-tag", List.of("a=b", "c=d"))
        .command("archive-push", "compress-level", "3")
        .global("log-level-file", "off");
  }

  @Test
  void sectionsAndOptionsAreSorted() {
    var text = example().build().render();

    assertThat(text)
        .isEqualTo(
            """
            [global]
            log-level-file=off
            repo1-s3-key-secret=hush
            repo1-storage-tag=a=b
            repo1-storage-tag=c=d
            repo1-type=s3
            repo2-path=/two

            [global:archive-push]
            compress-level=3

            [main]
            pg1-path=/pgdata
            """);
  }

  @Test
  void anOptionForEveryCommandHasItsLastValue() {
    assertThat(example().build().global("repo1-type")).contains("s3");
    assertThat(example().build().global("repo1-storage-tag")).contains("c=d");
    assertThat(example().build().global("compress-level")).isEmpty();
    assertThat(Configuration.builder("main").build().global("repo1-type")).isEmpty();
  }

  @Test
  void secretsAreNotShown() {
    var text = example().build().toString();

    assertThat(text).contains("repo1-s3-key-secret=<redacted>").doesNotContain("hush");
  }

  @Test
  void repositoriesAreThoseThatHaveAnOption() {
    assertThat(example().build().repositories()).containsExactly(1, 2);
  }

  @Test
  void onlyOneRepositoryKeepsItsNumber() {
    var only = example().build().only(2);

    assertThat(only.render())
        .isEqualTo(
            """
            [global]
            log-level-file=off
            repo2-path=/two

            [global:archive-push]
            compress-level=3

            [main]
            pg1-path=/pgdata
            """);
  }

  @Test
  void moreOptionsLeaveTheFirstAsItWas() {
    var first = example().build();

    var more = first.toBuilder().stanza("pg2-host", "10.0.0.1").build();

    assertThat(first).isEqualTo(example().build());
    assertThat(more.render()).isEqualTo(first.render() + "pg2-host=10.0.0.1\n");
  }

  @Test
  void aRepositoryThatIsNotThereCannotBeTheOnlyOne() {
    var configuration = example().build();

    assertThatThrownBy(() -> configuration.only(3))
        .hasMessage("stanza 'main' has no repository 3; it has [1, 2]");
  }

  @Test
  void aValueThatWouldAddALineIsRefusedWithoutShowingIt() {
    var builder = example();

    assertThatThrownBy(() -> builder.repositorySecret(1, "cipher-pass", "a\nrepo1-path=/other"))
        .hasMessage(
            "the value of option 'repo1-cipher-pass' has a line break or control character; remove it");
  }

  @Test
  void whiteSpaceThatPgBackRestWouldDropIsRefused() {
    var builder = example();

    assertThatThrownBy(() -> builder.repositorySecret(1, "cipher-pass", "secret "))
        .hasMessage(
            "the value of option 'repo1-cipher-pass' begins or ends with white space, which pgBackRest drops; remove it");
  }

  @Test
  void anEmptyValueIsRefused() {
    var builder = example();

    assertThatThrownBy(() -> builder.global("spool-path", ""))
        .hasMessage("option 'spool-path' has an empty value; give it a value or leave it out");
  }

  @Test
  void aStanzaCannotBeCalledGlobal() {
    assertThatThrownBy(() -> Configuration.builder("global"))
        .hasMessage(
            "'global' cannot be the name of a stanza; use letters, digits, '_', '-' and '.'");
  }

  @Test
  void theSameOptionsAreEqual() {
    assertThat(example().build()).isEqualTo(example().build()).hasSameHashCodeAs(example().build());
  }
}
