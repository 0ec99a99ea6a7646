package com.dalibo.pgbackrest.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  @Test
  void theNameInTheLogAndTheExitCodeMeanTheSame() {
    assertThat(ErrorCode.ofName("HostConnectError")).contains(ErrorCode.ofExit(49));
    assertThat(ErrorCode.ofName("DbMismatchError")).contains(ErrorCode.ofExit(58));
    assertThat(ErrorCode.ofName("CryptoError")).contains(ErrorCode.ofExit(95));
  }

  @Test
  void namesOfOursAreNotPgBackRests() {
    assertThat(ErrorCode.ofName("KilledError")).isEmpty();
  }

  @Test
  void aSignalIsAKill() {
    assertThat(ErrorCode.ofExit(137)).isEqualTo(ErrorCode.KILLED);
  }

  @Test
  void theLabelIsAsInTheDocumentation() {
    assertThat(ErrorCode.HOST_CONNECT.label()).isEqualTo("host-connect");
  }
}
