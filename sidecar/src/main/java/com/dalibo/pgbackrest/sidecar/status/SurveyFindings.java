package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.util.List;
import java.util.Map;

/// What a round found besides the answer of `info`, each by number of repository; where a
/// repository is not in it, what was known stays.
///
/// @param gaps missing WAL
/// @param expirations what an edited retention will remove
/// @param verified what a verification found
record SurveyFindings(
    Map<Integer, List<WalGap>> gaps,
    Map<Integer, Expiration> expirations,
    Map<Integer, VerifyStatus> verified) {
  SurveyFindings {
    gaps = Map.copyOf(gaps);
    expirations = Map.copyOf(expirations);
    verified = Map.copyOf(verified);
  }
}
