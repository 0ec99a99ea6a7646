package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanSpec.Storage;
import com.dalibo.pgbackrest.stanza.api.plan.TablespaceVolume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How large the volumes of the new Cluster have to be.
///
/// @param segmentSize of the WAL, in bytes
/// @param tablespaces with the sizes that were asked for, or are needed
record VolumeNeeds(
    int segmentSize, String data, Optional<String> wal, List<TablespaceVolume> tablespaces) {
  private static final long GIBIBYTE = 1L << 30;

  /// What PostgreSQL keeps by default between two checkpoints (`max_wal_size`), twice: also those
  /// that it has not removed yet.
  private static final long WAL = 2 * GIBIBYTE;

  /// A tenth for what the recovery adds.
  private static final double GROWTH = 1.1;

  private static final Pattern QUANTITY =
      Pattern.compile("(\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)([KMGTPE]i|[kMGTPE])?");
  private static final Map<String, Double> FACTORS =
      Map.ofEntries(
          Map.entry("k", 1e3),
          Map.entry("M", 1e6),
          Map.entry("G", 1e9),
          Map.entry("T", 1e12),
          Map.entry("P", 1e15),
          Map.entry("E", 1e18),
          Map.entry("Ki", 0x1p10),
          Map.entry("Mi", 0x1p20),
          Map.entry("Gi", 0x1p30),
          Map.entry("Ti", 0x1p40),
          Map.entry("Pi", 0x1p50),
          Map.entry("Ei", 0x1p60));

  /// @param size of the database, in bytes
  /// @param names of its tablespaces
  static VolumeNeeds of(
      long size, int segmentSize, Collection<String> names, @Nullable Storage storage) {
    var ownWal = storage != null && storage.walSize() != null;
    var content = (long) (size * GROWTH);
    return new VolumeNeeds(
        segmentSize,
        quantity(ownWal ? content : content + WAL),
        ownWal ? Optional.of(quantity(WAL)) : Optional.empty(),
        tablespaces(content, names, storage));
  }

  private static List<TablespaceVolume> tablespaces(
      long content, Collection<String> names, @Nullable Storage storage) {
    var asked = storage == null ? null : storage.tablespaces();
    var all = new ArrayList<TablespaceVolume>(asked == null ? List.of() : asked);
    for (var name : new TreeSet<>(names)) {
      if (all.stream().noneMatch(volume -> volume.name().equals(name))) {
        all.add(new TablespaceVolume(name, quantity(content)));
      }
    }
    return List.copyOf(all);
  }

  private static String quantity(long bytes) {
    return Math.max(1, (bytes + GIBIBYTE - 1) / GIBIBYTE) + "Gi";
  }

  /// What volumes hold together that were asked for; empty where a size is left to the plan, or
  /// cannot be read here.
  static Optional<Long> asked(@Nullable Storage storage, List<TablespaceVolume> tablespaces) {
    if (storage == null || storage.size() == null) {
      return Optional.empty();
    }
    var sum = bytes(storage.size());
    for (var tablespace : tablespaces) {
      var more = bytes(tablespace.size());
      sum = sum.flatMap(one -> more.map(other -> one + other));
    }
    return sum;
  }

  /// Whether Kubernetes takes it for the size of a volume.
  static boolean isSize(String quantity) {
    return bytes(quantity).filter(bytes -> bytes > 0).isPresent();
  }

  private static Optional<Long> bytes(String quantity) {
    var matcher = QUANTITY.matcher(quantity.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var unit = matcher.group(2);
    var factor = unit == null ? 1.0 : FACTORS.getOrDefault(unit, 1.0);
    return Optional.of((long) (Double.parseDouble(matcher.group(1)) * factor));
  }
}
