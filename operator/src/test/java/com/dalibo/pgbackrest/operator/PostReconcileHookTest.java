package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// When CNPG is asked to reconcile a Cluster again, so that its status remains current.
class PostReconcileHookTest {

  @AutoClose private final ReconcilerHooks hooks = new ReconcilerHooks();

  @Test
  void aClusterIsReconciledAgainWithinAMinuteWhileItsStatusIsCurrent() throws Exception {
    var inventory = InjectionCase.named("instance").inventory();
    var service = hooks.service(inventory);
    var text = new ClusterStatusText(inventory).of(Cluster.parse(archiving("", ""))).orElseThrow();

    var current = ReconcilerHooks.post(service, archiving(text, ""));

    assertThat(current.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(current.getRequeueAfter()).isBetween(30L, 50L);
    assertThat(ReconcilerHooks.post(service, archiving("", "")).getBehavior())
        .as("CNPG asks for the status now, or drops it at each start of a reconciliation")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(ReconcilerHooks.post(service, archiving("{}", "")).getBehavior())
        .as("a text that is old")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(
            ReconcilerHooks.post(service, archiving(text, ", {\"name\": \"other.example.org\"}"))
                .getBehavior())
        .as("a plugin that would be skipped")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(
            ReconcilerHooks.post(
                    service,
                    archiving(text, ", {\"name\": \"other.example.org\", \"enabled\": false}"))
                .getBehavior())
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
  }

  private static ByteString archiving(String status, String otherPlugins) {
    return ByteString.copyFromUtf8(
        """
        {"metadata": {"name": "demo", "namespace": "default"},
         "spec": {"plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true,
           "parameters": {"stanzaRef": "stanza-sample"}}%s]},
         "status": {"pluginStatus": [{"name": "pgbackrest.dalibo.com", "status": "%s"}]}}
        """
            .formatted(otherPlugins, status.replace("\"", "\\\"")));
  }
}
