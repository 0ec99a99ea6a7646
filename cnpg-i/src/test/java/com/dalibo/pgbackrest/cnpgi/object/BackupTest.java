package com.dalibo.pgbackrest.cnpgi.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class BackupTest {
  @Test
  void aBackupSaysWhoItIs() {
    var json =
        """
        {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Backup",
         "metadata": {"name": "nightly-1", "namespace": "shop", "uid": "b-1"},
         "spec": {"method": "plugin", "cluster": {"name": "orders"}},
         "status": {"phase": "started"}}
        """;

    var backup = Backup.parse(ByteString.copyFromUtf8(json));

    assertThat(backup).isEqualTo(new Backup("nightly-1", "shop", "b-1"));
  }

  @Test
  void aBrokenBackupIsNamed() {
    assertThatThrownBy(() -> Backup.parse(new byte[] {'{'}))
        .hasMessageStartingWith("Backup in the request is not JSON: ");
  }
}
