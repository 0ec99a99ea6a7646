package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// How backups and WAL are compressed.
@ValidationRule(
    value =
        "!has(self.level) || (has(self.type) ? self.type == 'none' || (self.type == 'gz' && "
            + "self.level >= -1 && self.level <= 9) || (self.type == 'bz2' && self.level >= 1 && "
            + "self.level <= 9) || (self.type == 'lz4' && self.level >= -5 && self.level <= 12) || "
            + "self.type == 'zst' : self.level >= -1 && self.level <= 9)",
    message =
        "level is out of range for its type; use gz -1 to 9, bz2 1 to 9, lz4 -5 to 12 or zst "
            + "-7 to 22")
public record CompressConfig(
    @JsonPropertyDescription(
            "Compression of backups and WAL. Absent: zst, or gz where a level is given. Existing backups and WAL are read whatever compresses new ones.")
        @Nullable Type type,
    @JsonPropertyDescription(
            "Level of compression; its range depends on type: gz -1 to 9, bz2 1 to 9, lz4 -5 to 12, "
                + "zst -7 to 22.")
        @Min(-7)
        @Max(22)
        @Nullable Integer level) {
  /// How backups and WAL are compressed.
  public enum Type {
    /// Not at all.
    @JsonProperty("none")
    NONE,
    /// bzip2.
    @JsonProperty("bz2")
    BZ2,
    /// gzip.
    @JsonProperty("gz")
    GZ,
    /// LZ4.
    @JsonProperty("lz4")
    LZ4,
    /// Zstandard.
    @JsonProperty("zst")
    ZST
  }
}
