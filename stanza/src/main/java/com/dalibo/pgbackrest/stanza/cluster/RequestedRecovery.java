package com.dalibo.pgbackrest.stanza.cluster;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.RecoveryTargetSpec;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `spec.bootstrap.recovery.recoveryTarget` as a request, with what to say about it.
///
/// @param exclusive whether it ends before the target instead of with it
/// @param zonelessTime `targetTime`, where it does not say in which time zone it is
public record RequestedRecovery(
    RecoveryGoal request, boolean exclusive, Optional<String> zonelessTime, List<String> warnings) {
  private static final Pattern ZONED =
      Pattern.compile(".*\\d:\\d{2}\\S*?\\s*([Zz]|[A-Z]{3}|[+-]\\d{2}(:?\\d{2})?)");

  public static RequestedRecovery of(Cluster cluster, Instant now) {
    return cluster
        .recoveryTarget()
        .map(spec -> of(spec, now))
        .orElseGet(
            () ->
                new RequestedRecovery(
                    RecoveryGoal.of(new RestoreTarget.Latest()),
                    false,
                    Optional.empty(),
                    List.of()));
  }

  private static RequestedRecovery of(RecoveryTargetSpec spec, Instant now) {
    var target = target(spec);
    var timeline =
        read("targetTLI", given(spec.targetTLI()).orElse("latest"), TargetTimeline::parse);
    var zoneless =
        target instanceof RestoreTarget.Time
            ? given(spec.targetTime()).filter(time -> !ZONED.matcher(time).matches())
            : Optional.<String>empty();
    return new RequestedRecovery(
        new RecoveryGoal(target, timeline, given(spec.backupID())),
        spec.exclusive(),
        zoneless,
        warnings(spec, target, zoneless, now));
  }

  private static RestoreTarget target(RecoveryTargetSpec spec) {
    if (spec.targetImmediate()) {
      return new RestoreTarget.Immediate();
    }
    return given(spec.targetTime())
        .<RestoreTarget>map(time -> read("targetTime", time, RestoreTarget.Time::parse))
        .or(
            () ->
                given(spec.targetLSN())
                    .map(lsn -> read("targetLSN", lsn, RestoreTarget.Lsn::parse)))
        .or(
            () ->
                given(spec.targetXID())
                    .map(xid -> read("targetXID", xid, RestoreTarget.Xid::parse)))
        .or(
            () ->
                given(spec.targetName())
                    .map(name -> read("targetName", name, RestoreTarget.Name::parse)))
        .orElseGet(RestoreTarget.Latest::new);
  }

  private static List<String> warnings(
      RecoveryTargetSpec spec, RestoreTarget target, Optional<String> zonelessTime, Instant now) {
    var warnings = new ArrayList<String>();
    if (target instanceof RestoreTarget.Time(var instant) && instant.isAfter(now)) {
      warnings.add(
          "recoveryTarget.targetTime '%s' is in the future; recovery will fail at the end of the WAL, which is earlier"
              .formatted(spec.targetTime()));
    }
    zonelessTime.ifPresent(
        time ->
            warnings.add(
                "recoveryTarget.targetTime '%s' has no time zone and was read as UTC; write one, such as '+00:00'"
                    .formatted(time)));
    return List.copyOf(warnings);
  }

  private static <T> T read(String field, String text, Function<String, T> reading) {
    try {
      return reading.apply(text);
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "recoveryTarget.%s: %s".formatted(field, unreadable.getMessage()), unreadable);
    }
  }

  private static Optional<String> given(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
  }

  /// `the end of the archived WAL`, `2026-11-22 07:26:56+00`
  public String target() {
    return switch (request.target()) {
      case RestoreTarget.Latest _ -> "the end of the archived WAL";
      case RestoreTarget.Immediate _ -> "the end of the backup";
      case RestoreTarget.Time time -> "time " + time.text();
      case RestoreTarget.Lsn(var position) -> "LSN " + position;
      case RestoreTarget.Xid(var xid) -> "transaction " + xid;
      case RestoreTarget.Name(var name) -> "restore point '" + name + "'";
    };
  }

  /// `backup 20261122-072259F, timeline latest, inclusive`: all but the target itself.
  public String way() {
    return "backup %s, timeline %s, %s%s"
        .formatted(
            request.backupId().orElse("latest"),
            switch (request.timeline()) {
              case TargetTimeline.Latest _ -> "latest";
              case TargetTimeline.Current _ -> "current";
              case TargetTimeline.Numbered(var number) -> Integer.toString(number);
            },
            exclusive ? "exclusive" : "inclusive",
            zonelessTime.isPresent() ? ", without a zone" : "");
  }
}
