package com.dalibo.pgbackrest.stanza.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluginParametersTest {
  private static final String WHERE = "spec.plugins of the Cluster 'demo'";

  @Test
  void aPromotionWaitsFifteenSecondsWhereNothingElseIsSaid() throws Exception {
    assertThat(
            PluginParameters.of(StanzaPurpose.ARCHIVE, Map.of("stanzaRef", "main"), WHERE)
                .promotionTimeout())
        .isEqualTo(Duration.ofSeconds(15));
    assertThat(
            PluginParameters.of(
                    StanzaPurpose.ARCHIVE,
                    Map.of("stanzaRef", "main", "promotionTimeout", "1m30s"),
                    WHERE)
                .promotionTimeout())
        .isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    assertThatThrownBy(
            () ->
                PluginParameters.of(
                    StanzaPurpose.ARCHIVE,
                    Map.of("stanzaRef", "main", "promotionTimeout", "15 seconds"),
                    WHERE))
        .hasMessage(
            "the parameter 'promotionTimeout' of the plugin 'pgbackrest.dalibo.com' is '15 seconds', "
                + "which is not a time span; write it as 15s or 2m in spec.plugins of the Cluster 'demo'");
  }

  @Test
  void anUnknownOneIsRefusedWithThoseThatAreKnown() {
    assertThatThrownBy(
            () -> PluginParameters.of(StanzaPurpose.ARCHIVE, Map.of("stanza", "main"), WHERE))
        .hasMessage(
            "the plugin 'pgbackrest.dalibo.com' has no parameter 'stanza'; known are pluginConfigRef, promotionTimeout,"
                + " stanzaRef; correct spec.plugins of the Cluster 'demo'");
  }

  @Test
  void aRecoveryMayUseOneRepositoryAndAnArchiveMayNot() throws Exception {
    var parameters = Map.of("stanzaRef", "main", "selectedRepository", "offsite");

    assertThat(PluginParameters.of(StanzaPurpose.RECOVERY, parameters, WHERE).selectedRepository())
        .contains("offsite");
    assertThatThrownBy(() -> PluginParameters.of(StanzaPurpose.ARCHIVE, parameters, WHERE))
        .hasMessageContaining("has no parameter 'selectedRepository'");
  }
}
