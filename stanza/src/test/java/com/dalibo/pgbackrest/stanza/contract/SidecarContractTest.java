package com.dalibo.pgbackrest.stanza.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The scripts of the image are no Java, and repeat what they need of the contract.
class SidecarContractTest {
  private static final Path IMAGE = Path.of("../images/sidecar");

  @Test
  void theProbeIsWhereKubernetesRunsIt() throws IOException {
    var probe = Path.of(SidecarContract.PROBE);

    assertThat(IMAGE.resolve(probe.getFileName())).isExecutable();
    assertThat(Files.readString(IMAGE.resolve("Containerfile")))
        .containsPattern(
            "COPY .* images/sidecar/" + probe.getFileName() + " .*" + probe.getParent() + "/\n");
  }

  @Test
  void theProbeAsksTheSocketOfTheSidecar() throws IOException {
    assertThat(Files.readString(IMAGE.resolve("plugin-probe")))
        .contains(
            "$ENV{%s} // \"%s\"".formatted(SidecarEnvironment.SOCKET, SidecarContract.SOCKET));
  }

  @Test
  void theSidecarIsStartedInItsWorkDirectory() throws IOException {
    assertThat(Files.readString(IMAGE.resolve("pgbackrest-sidecar")))
        .contains(
            "${%s:-%s}"
                .formatted(SidecarEnvironment.WORK_DIRECTORY, SidecarContract.WORK_DIRECTORY));
  }
}
