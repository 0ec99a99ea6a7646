package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.ControlFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The version of pgBackRest, and stanzas that are created.
@Timeout(180)
class StanzaCreateIT {
  @RegisterExtension static final CommandStage stage = new CommandStage();

  @Test
  void theProgramIsNewEnough() throws Exception {
    assertThat(stage.pgBackRest(stage.configuration().build()).version())
        .isGreaterThanOrEqualTo(2058000);
  }

  @Test
  void aStanzaIsMissingThenThereAndMayBeCreatedTwice() throws Exception {
    var pgBackRest = stage.pgBackRest(stage.configuration().build());
    var before = pgBackRest.info().stanza("main").orElseThrow();

    pgBackRest.stanzaCreate(stage.folder.resolve("lock"));
    pgBackRest.stanzaCreate(stage.folder.resolve("lock"));

    assertThat(before.repository(1).orElseThrow().code()).isEqualTo(StatusCode.MISSING_STANZA_PATH);
    var after = pgBackRest.info(1).stanza("main").orElseThrow();
    assertThat(after.repository(1).orElseThrow().code()).isEqualTo(StatusCode.NO_VALID_BACKUP);
    assertThat(after.currentDatabase(1).orElseThrow().systemId())
        .isEqualTo(ControlFile.read(stage.server.data).systemIdentifier());
  }
}
