package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.kubernetes.Yaml;
import org.junit.jupiter.api.Test;

class ExampleTest {
  @Test
  void theStanzaOfTheDemoIsThreeObjects() {
    assertThat(Yaml.read(Example.of("stanza-demo.yaml").yaml()))
        .extracting(object -> object.get("kind").getAsString())
        .containsExactly("Secret", "Secret", "Stanza");
  }

  @Test
  void aTextThatIsNotInTheExampleIsNoticed() {
    assertThatThrownBy(() -> Example.of("cluster.yaml").with("nowhere", "x"))
        .hasMessage("'examples/cluster.yaml' does not say 'nowhere'");
  }

  @Test
  void aCertificateFitsOnOneYamlLine() {
    String yaml = "ca: " + Example.quoted("-----BEGIN\nabc\n-----END\n");

    assertThat(Yaml.readOne(yaml).get("ca").getAsString()).isEqualTo("-----BEGIN\nabc\n-----END\n");
  }

  @Test
  void aLogLineIsToldAsMessageAndKeys() {
    assertThat(Narrator.readable("{\"level\":\"info\",\"msg\":\"archived\",\"walFile\":\"0A\"}"))
        .isEqualTo("archived (walFile 0A)");
  }
}
