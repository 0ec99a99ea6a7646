package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.config.ConfigurationFile;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import java.io.IOException;
import java.time.Duration;

/// What a backup of a standby needs besides the stanza: the primary as second host. pgBackRest
/// begins and ends the backup there, over TLS, takes its lock there too, and reads the files here.
public final class StandbyBackup {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// A server that hangs is ended and started again within a minute and a half.
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final SidecarSettings settings;
  private final ProgramRunner runner;
  private final PeerFiles files;
  private final PrimaryLocator peers;

  public StandbyBackup(
      SidecarSettings settings, ProgramRunner runner, PeerFiles files, PrimaryLocator peers) {
    this.settings = settings;
    this.runner = runner;
    this.files = files;
    this.peers = peers;
  }

  /// The program that backs up the standby here.
  public PgBackRest pgBackRest(Cluster cluster, StanzaSession session)
      throws PreconditionException, IOException, InterruptedException {
    var _ = files.refresh();
    var primary = peers.primary(cluster);
    primary.awaitPort(PATIENCE);
    var file =
        settings.runDirectory().resolve("standby-%s.conf".formatted(session.stanza().name()));
    var configuration = configuration(session.configuration(), primary);
    ConfigurationFile.write(file, configuration);
    var program = new PgBackRest(settings.program(), runner, file, configuration.stanza());
    primary.awaitAnswer(program, ANSWER);
    return program;
  }

  /// A primary that vanished without a word, with its node, is noticed by what the kernel asks it
  /// from time to time.
  private Configuration configuration(Configuration stanza, PrimaryHost primary) {
    return stanza.toBuilder()
        .command("backup", "backup-standby", "y")
        .stanza("tcp-keep-alive-idle", "60")
        .stanza("tcp-keep-alive-interval", "20")
        .stanza("tcp-keep-alive-count", "3")
        .stanza("pg2-host", primary.address())
        .stanza("pg2-host-type", "tls")
        .stanza("pg2-host-port", Integer.toString(PeerFiles.PORT))
        .stanza("pg2-host-ca-file", files.authority().toString())
        .stanza("pg2-host-cert-file", files.certificate().toString())
        .stanza("pg2-host-key-file", files.key().toString())
        .stanza("pg2-host-config", primary.configuration().toString())
        .stanza("pg2-path", primary.pgData().toString())
        .stanza("pg2-socket-path", primary.socketDirectory().toString())
        .stanza("pg2-port", Integer.toString(primary.pgPort()))
        .stanza("pg2-user", "postgres")
        .build();
  }
}
