package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.concurrent.Future;

/// The backups of an instance, each for a Backup object, and what they are like while they run.
record BackupStage(TestInstance instance) {

  /// Takes a backup.
  ///
  /// @param parameters of the Backup, in YAML flow style
  BackupResult take(String name, String parameters) {
    return instance.manager.backup(object(name, parameters));
  }

  /// A call that does not wait for the backup.
  Future<BackupResult> begin(String name, String parameters) {
    return BackupGrpc.newFutureStub(instance.manager.channel())
        .backup(instance.manager.backupRequest(object(name, parameters)));
  }

  /// A backup whose first files are on their way to the store, and stay there. Its object is in the
  /// API server.
  Future<BackupResult> held(String name, String parameters) throws Exception {
    instance.api.apply(object(name, parameters));
    instance
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("PUT ") && request.contains("/bundle/"));
    var call = begin(name, parameters);
    Eventually.until("it is being written", () -> instance.s3.faults().held() > 0);
    return call;
  }

  /// The processes of pgBackRest that the sidecar of this instance has for a backup.
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(this::backsUp).toList();
  }

  private boolean backsUp(ProcessHandle process) {
    var line = process.info().commandLine().orElse("");
    return line.contains(" backup ") && line.contains(instance.pod.directory().toString());
  }

  private static JsonObject object(String name, String parameters) {
    return JsonParser.parseString(
            """
            {apiVersion: 'postgresql.cnpg.io/v1', kind: Backup, metadata: {name: %1$s, uid: uid-%1$s},
             spec: {method: plugin, cluster: {name: demo},
              pluginConfiguration: {name: 'pgbackrest.dalibo.com', parameters: {%2$s}}}}
            """
                .formatted(name, parameters))
        .getAsJsonObject();
  }
}
