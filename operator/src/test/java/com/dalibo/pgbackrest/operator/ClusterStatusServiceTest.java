package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.proto.operator.SetStatusInClusterRequest;
import com.dalibo.pgbackrest.cnpgi.proto.operator.SetStatusInClusterResponse;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.status.ClusterStatusAnswers;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// What the plugin says in `kubectl cnpg status`, to a CNPG that keeps it and to one that does not.
class ClusterStatusServiceTest {
  private static final String TEXT =
      "{\"stanza\":\"main\",\"repositories\":\"ok\",\"lastBackup\":\"2026-11-28T17:00:00Z\","
          + "\"restorableTo\":\"2026-11-28T17:05:00Z\"}";

  private static final String FINE =
      """
      {"code": 0, "message": "ok", "index": 1}
      """;

  private final TestClock clock = new TestClock(Instant.parse("2026-11-28T18:00:00Z"));
  private final Inventory inventory = new Inventory();
  private final ClusterStatusService service =
      new ClusterStatusService(
          new UnaryCall(GrpcStatus::status),
          new ClusterStatusText(inventory),
          new ClusterStatusAnswers(clock));

  @Test
  void aCnpgThatKeepsTheTextIsGivenItOnceAndEachOther() {
    stanza(FINE, "17:07:31");

    assertThat(asked("")).isEqualTo(TEXT);
    assertThat(asked(TEXT)).isEmpty();
    assertThat(asked(TEXT)).isEmpty();

    stanza(FINE, "17:11:00");
    var later = TEXT.replace("17:05", "17:10");
    assertThat(asked(TEXT)).isEqualTo(later);
    assertThat(asked(later)).isEmpty();
  }

  @Test
  void aCnpgThatRemovesTheTextIsGivenItOnceInAnHourAtMost() {
    stanza(FINE, "17:07:31");

    assertThat(asked("")).isEqualTo(TEXT);
    for (var loop = 0; loop < 100; loop++) {
      assertThat(asked("")).isEmpty();
    }
    assertThat(asked("", "another")).as("another Cluster of the same CNPG").isEmpty();

    clock.advance(Duration.ofMinutes(61));
    assertThat(asked("")).isEqualTo(TEXT);
    assertThat(asked("")).isEmpty();
    assertThat(asked("", "another")).isEmpty();
  }

  @Test
  void theWorstRepositoryAndTheFirstGapAreNamed() {
    stanza(
        """
        {"code": 0, "message": "ok", "index": 1, "walGaps": ["000000010000000000000003"]},
        {"code": 99, "message": "HostConnectError: another text each time", "index": 2, "name": "far"}
        """,
        "17:07:31");

    assertThat(asked(""))
        .contains("\"repositories\":\"far: unreachable\"")
        .contains("\"gap\":\"000000010000000000000003\"");
  }

  @Test
  void aMissingStanzaIsNamed() {
    inventory.completeWhen(() -> true);

    assertThat(asked(""))
        .isEqualTo("{\"stanza\":\"main\",\"problem\":\"there is no such Stanza; create it\"}");
  }

  @Test
  void nothingIsAnError() {
    assertThat(asked("")).as("before all Stanzas are read").isEmpty();
    stanza(FINE, "17:07:31");

    assertThat(answer("not JSON")).isEmpty();
    assertThat(answer("{\"metadata\": {\"name\": \"c\"}, \"spec\": {\"plugins\": 7}}")).isEmpty();
    assertThat(
            answer(
                "{\"metadata\": {\"name\": \"c\"}, \"spec\": {\"plugins\": [{\"name\":"
                    + " \"pgbackrest.dalibo.com\", \"parameters\": {\"unknown\": \"x\"}}]}}"))
        .isEmpty();
    assertThat(answer("{\"metadata\": {\"name\": \"c\"}}")).isEmpty();
  }

  private void stanza(String repositories, String restorable) {
    inventory.completeWhen(() -> true);
    inventory.putStanza(
        new ObjectKey("default", "main"),
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
         "metadata": {"name": "main", "namespace": "default"},
         "spec": {"stanzaConfiguration": {"name": "main"}},
         "status": {"lastBackupTime": "2026-11-28T17:00:12Z",
           "latestRestorableTime": "2026-11-28T%sZ", "repositories": [%s]}}
        """
            .formatted(restorable, repositories));
  }

  private String asked(String carried) {
    return asked(carried, "c");
  }

  private String asked(String carried, String name) {
    return answer(
        """
        {"metadata": {"name": "%s", "namespace": "default", "uid": "%s"},
         "spec": {"plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true,
           "parameters": {"stanzaRef": "main"}}]},
         "status": {"pluginStatus": [{"name": "other", "status": "{}"},
           {"name": "pgbackrest.dalibo.com", "version": "1", "status": "%s"}]}}
        """
            .formatted(name, name, carried.replace("\"", "\\\"")));
  }

  private String answer(String cluster) {
    var answers = new ArrayList<SetStatusInClusterResponse>();
    service.setStatusInCluster(
        SetStatusInClusterRequest.newBuilder().setCluster(ByteString.copyFromUtf8(cluster)).build(),
        new StreamObserver<>() {
          @Override
          public void onNext(SetStatusInClusterResponse response) {
            answers.add(response);
          }

          @Override
          public void onError(Throwable failure) {
            throw new AssertionError("a Cluster would not become healthy", failure);
          }

          @Override
          public void onCompleted() {}
        });
    return answers.getFirst().getJsonStatus().toStringUtf8();
  }
}
