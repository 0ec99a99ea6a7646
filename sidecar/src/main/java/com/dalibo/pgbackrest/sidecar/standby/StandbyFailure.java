package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Why a backup from a standby failed, where pgBackRest's text has only one meaning: what concerns
/// the primary and its sidecar. A store's failure is in
/// [com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy].
public enum StandbyFailure {
  LOCKED(
      "\\[LockAcquireError\\]",
      "another backup is running, of the primary, another standby or this one; wait for it to finish, then create a new Backup"),
  UNREACHABLE(
      "\\[HostConnectError\\]",
      "the sidecar of the primary cannot be reached; allow TCP to port 8432 between the pods of the Cluster"),
  ANOTHER_KEY_THERE(
      "unable to check pg.*unable to verify certificate",
      "the sidecar of the primary shows the certificate of another key; CNPG has just replaced the Cluster's replication key, or another Cluster answers at this address: create a new Backup in a minute"),
  ANOTHER_KEY_HERE(
      "unknown ca",
      "the sidecar of the primary does not accept our certificate; CNPG has just replaced the Cluster's replication key, or another Cluster answers at this address: create a new Backup in a minute"),
  ANOTHER_CLUSTER(
      "access denied",
      "the sidecar that answers belongs to another Cluster; create a new Backup when CNPG has corrected the primary's address"),
  ANOTHER_ADDRESS(
      "unable to check pg.*unable to find hostname",
      "the sidecar of the primary does not recognise the primary's address in the Cluster as its own; check status.instancesReportedState"),
  PROMOTED(
      "standby is no longer in recovery",
      "this instance became primary while it was backed up; create a new Backup"),
  BEHIND(
      "timeout before standby",
      "this standby is too far behind the primary; create a new Backup when it has caught up, or one with target: primary"),
  CUT(
      "unexpected eof",
      "a connection to the sidecar of the primary or to the store was broken; create a new Backup when the Cluster is ready"),
  PRIMARY_LOST(
      "raised from remote-0 tls protocol",
      "the primary failed in the backup, as happens in a failover or a switchover; create a new Backup when the Cluster is ready");

  private final Pattern sign;
  private final String meaning;

  StandbyFailure(String sign, String meaning) {
    this.sign = Pattern.compile(sign);
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }

  /// The first that fits: the more particular stand before the others.
  public static Optional<StandbyFailure> of(PgBackRestException failure) {
    if (failure.errorCode() == ErrorCode.LOCK_ACQUIRE) {
      return Optional.of(LOCKED);
    }
    return Arrays.stream(values())
        .filter(trouble -> trouble.sign.matcher(failure.errors()).find())
        .findFirst();
  }

  /// Whether waiting for seconds helps: a backup that is being stopped, a key that reaches one pod
  /// before the other.
  public boolean passesSoon() {
    return switch (this) {
      case LOCKED, ANOTHER_KEY_THERE, ANOTHER_KEY_HERE -> true;
      case UNREACHABLE, ANOTHER_CLUSTER, ANOTHER_ADDRESS, PROMOTED, BEHIND, CUT, PRIMARY_LOST ->
          false;
    };
  }
}
