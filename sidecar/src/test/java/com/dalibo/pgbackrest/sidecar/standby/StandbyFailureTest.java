package com.dalibo.pgbackrest.sidecar.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What pgBackRest 2.60 was heard to say.
class StandbyFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOCKED | DB_CONNECT | unable to check pg2: [LockAcquireError] raised from remote-0 tls protocol on '10.0.0.1': unable to acquire lock on file '/lock/main-backup-1.lock': Resource temporarily unavailable
          LOCKED | LOCK_ACQUIRE | unable to acquire lock on file '/lock/main-backup-1.lock': Resource temporarily unavailable
          UNREACHABLE | DB_CONNECT | unable to check pg2: [HostConnectError] unable to connect to '10.0.0.1:8432': [111] Connection refused
          ANOTHER_KEY_THERE | DB_CONNECT | unable to check pg2: [CryptoError] unable to verify certificate presented by '10.0.0.1:8432': [19] self-signed certificate in certificate chain
          ANOTHER_KEY_HERE | DB_CONNECT | unable to check pg2: [ServiceError] TLS error [1:167773208] tlsv1 alert unknown ca
          ANOTHER_CLUSTER | DB_CONNECT | unable to check pg2: [AccessError] raised from remote-0 tls protocol on '10.0.0.1': access denied
          ANOTHER_ADDRESS | DB_CONNECT | unable to check pg2: [CryptoError] unable to find hostname '10.0.0.1' in certificate common name or subject alternative names
          PROMOTED | DB_MISMATCH | standby is no longer in recovery
          CUT | SERVICE | TLS error [1:167772454] unexpected eof while reading
          PRIMARY_LOST | DB_QUERY | raised from remote-0 tls protocol on '10.0.0.1': unable to execute query 'select pg_catalog.pg_is_in_recovery()': server closed the connection unexpectedly
          """)
  void pgBackRestsWordsAreUnderstood(StandbyFailure trouble, ErrorCode code, String words) {
    var failure = PgBackRestException.of("backup", code, words, null);

    assertThat(StandbyFailure.of(failure)).contains(trouble);
  }

  @Test
  void whatIsNotAboutTheOtherHostIsLeftToPgBackRestsWords() {
    var failure = PgBackRestException.of("backup", ErrorCode.PROTOCOL, "HTTP 403", null);

    assertThat(StandbyFailure.of(failure)).isEmpty();
  }

  @Test
  void theStoreIsNotBlamedForTheCertificateOfAnInstance() {
    var words =
        "unable to check pg2: [CryptoError] unable to verify certificate presented by '10.0.0.1:8432'";

    assertThat(StoreRemedy.of(words)).isEqualTo(words);
  }
}
