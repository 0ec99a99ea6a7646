package com.dalibo.pgbackrest.testbed;

import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.program.ToolScript;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The programs of barman-cloud with one server's object store in S3, called as CNPG and its
/// barman-cloud plugin call them.
public final class BarmanCloud {
  private final S3Server s3;
  private final String bucket;
  private final String server;
  private final Map<String, String> environment;

  /// @param directory where the certificate of the S3 server's authority is put
  public BarmanCloud(S3Server s3, String bucket, String server, Path directory) {
    this.s3 = s3;
    this.bucket = bucket;
    this.server = server;
    try {
      environment =
          Map.of(
              "AWS_ACCESS_KEY_ID",
              s3.accessKey(),
              "AWS_SECRET_ACCESS_KEY",
              s3.secretKey(),
              "AWS_DEFAULT_REGION",
              "us-east-1",
              "AWS_CA_BUNDLE",
              s3.certificates().writeCa(directory.resolve("barman-ca.crt")).toString(),
              // What CNPG advises for object stores other than Amazon's.
              "AWS_REQUEST_CHECKSUM_CALCULATION",
              "when_required",
              "AWS_RESPONSE_CHECKSUM_VALIDATION",
              "when_required");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// PostgreSQL archives here at its next start.
  public void archive(Postgres postgres) {
    environment.forEach(postgres::environment);
    postgres
        .set("archive_mode", "on")
        .set("archive_command", String.join(" ", command("barman-cloud-wal-archive", "%p")));
  }

  /// A base backup, which barman finds again by this name.
  public void backup(Postgres postgres, String name) {
    List<String> command = new ArrayList<>(command("barman-cloud-backup"));
    command.addAll(List.of("--host=" + postgres.socketDirectory(), "--port=" + postgres.port()));
    command.addAll(List.of("--user=postgres", "--immediate-checkpoint", "--name=" + name));
    run(command);
  }

  /// The data directory of the backup; PostgreSQL recovers to the end of the archive at its start.
  public void restore(Postgres postgres, String name) {
    run(command("barman-cloud-restore", name, postgres.dataDirectory().toString()));
    try {
      Files.createFile(postgres.dataDirectory().resolve("recovery.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.forEach(postgres::environment);
    postgres.set(
        "restore_command", String.join(" ", command("barman-cloud-wal-restore", "%f", "%p")));
  }

  /// The WAL segments in its archive, in order.
  public List<String> segments() {
    return s3.keys(bucket).stream()
        .filter(key -> key.startsWith(server + "/wals/"))
        .map(key -> key.substring(key.lastIndexOf('/') + 1))
        .filter(name -> name.matches("[0-9A-F]{24}"))
        .sorted()
        .toList();
  }

  private List<String> command(String program, String... more) {
    List<String> command = new ArrayList<>();
    command.add(ToolScript.path("barman", program).toString());
    command.addAll(List.of("--cloud-provider=aws-s3", "--endpoint-url=https://" + s3.endpoint()));
    command.addAll(List.of("s3://" + bucket, server));
    command.addAll(List.of(more));
    return command;
  }

  private void run(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "'%s' failed:\n%s".formatted(String.join(" ", command), output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("'" + command.getFirst() + "' cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
