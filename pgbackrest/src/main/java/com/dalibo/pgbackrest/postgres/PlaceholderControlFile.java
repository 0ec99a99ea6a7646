package com.dalibo.pgbackrest.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/// A `global/pg_control` that says no more than of which cluster a data directory would be.
/// pgBackRest fetches WAL only for the cluster of the data directory; where WAL is read and there
/// is no PostgreSQL, this stands for it.
///
/// The layout is that of `ControlFileData` in PostgreSQL's `pg_control.h`, the numbers are
/// `PG_CONTROL_VERSION` and `CATALOG_VERSION_NO` of the releases.
public final class PlaceholderControlFile {
  private static final int LENGTH = 8192;

  /// `DB_SHUTDOWNED`.
  private static final int SHUTDOWNED = 1;

  private static final int FLOAT_FORMAT_AT = 208;
  private static final int BLOCK_SIZE_AT = 216;
  private static final int WAL_BLOCK_SIZE_AT = 224;
  private static final int WAL_SEGMENT_SIZE_AT = 228;
  private static final double FLOAT_FORMAT = 1234567.0;
  private static final int PAGE = 8192;

  private record Release(int controlVersion, int catalogVersion, int checksumAt) {}

  private static final Map<Integer, Release> RELEASES =
      Map.of(
          14, new Release(1300, 202_107_181, 288),
          15, new Release(1300, 202_209_061, 288),
          16, new Release(1300, 202_307_071, 288),
          17, new Release(1700, 202_406_281, 288),
          18, new Release(1800, 202_506_291, 292));

  private PlaceholderControlFile() {}

  /// Writes it.
  ///
  /// @param segmentSize of the WAL, in bytes
  /// @throws IOException also where the layout of this major version is not known here
  public static void write(
      Path dataDirectory, int majorVersion, long systemIdentifier, int segmentSize)
      throws IOException {
    var release = RELEASES.get(majorVersion);
    if (release == null) {
      throw new IOException(
          "the WAL of PostgreSQL %d cannot be read here; versions 14 to 18 are known"
              .formatted(majorVersion));
    }
    var content =
        ByteBuffer.allocate(LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0, systemIdentifier)
            .putInt(8, release.controlVersion())
            .putInt(12, release.catalogVersion())
            .putInt(16, SHUTDOWNED)
            .putInt(48, 1)
            .putDouble(FLOAT_FORMAT_AT, FLOAT_FORMAT)
            .putInt(BLOCK_SIZE_AT, PAGE)
            .putInt(WAL_BLOCK_SIZE_AT, PAGE)
            .putInt(WAL_SEGMENT_SIZE_AT, segmentSize);
    var checksum = new CRC32C();
    checksum.update(content.array(), 0, release.checksumAt());
    content.putInt(release.checksumAt(), (int) checksum.getValue());
    var file = dataDirectory.resolve("global").resolve("pg_control");
    Files.createDirectories(dataDirectory.resolve("global"));
    Files.write(file, content.array());
  }
}
