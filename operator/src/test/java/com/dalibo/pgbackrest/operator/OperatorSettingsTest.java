package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {

  @Test
  void whatIsNotSetHasTheValueOfTheManifests() {
    var settings =
        OperatorSettings.from(
            Map.of("SIDECAR_IMAGE", "sidecar:1", "POD_NAMESPACE", "cnpg-system", "POD_NAME", "a"));

    assertThat(settings)
        .isEqualTo(
            new OperatorSettings(
                "sidecar:1",
                "cnpg-system",
                "a",
                "pgbackrest",
                "pgbackrest-controller",
                9090,
                8081,
                Level.INFO));
  }

  @Test
  void everyProblemIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                OperatorSettings.from(
                    Map.of("SIDECAR_IMAGE", "sidecar:1", "GRPC_PORT", "x", "LOG_LEVEL", "loud")))
        .hasMessage(
            "environment variable 'POD_NAMESPACE' is not set; set it in the Deployment;"
                + " environment variable 'POD_NAME' is not set; set it in the Deployment;"
                + " environment variable 'GRPC_PORT' is 'x'; give a port from 0 to 65535;"
                + " environment variable 'LOG_LEVEL' is 'loud'; give one of error, warning, info,"
                + " debug, trace");
  }
}
