package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.ObjectStoreSpec;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.dalibo.pgbackrest.stanza.options.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Sizes, tags and fingerprints beyond what a store, or pgBackRest for that store, takes.
///
/// Sources: the ranges that pgBackRest 2.60 gives with error 32; object tags of Amazon S3 and blob
/// index tags of Azure: at most 10, keys of 128 and values of 256 characters; a resumable upload to
/// Google has chunks of a multiple of 256 KiB.
final class StoreLimits {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long LARGEST_QUEUE = 4L << 50;
  private static final long LARGEST_CHUNK = 1L << 30;
  private static final long CHUNK_OF_GOOGLE = 256 * KIB;

  private static final int MOST_TAGS = 10;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  private final Stanza stanza;
  private final List<Problem> problems = new ArrayList<>();

  private StoreLimits(Stanza stanza) {
    this.stanza = stanza;
  }

  static List<Problem> problems(Stanza stanza, Repository repository) {
    var limits = new StoreLimits(stanza);
    limits.check(repository.storage(), repository.path());
    return limits.problems;
  }

  /// Of a queue of WAL, whose size is well written.
  static List<Problem> ofQueue(Stanza stanza, String size, String path) {
    var limits = new StoreLimits(stanza);
    limits.range(size, path, 0, LARGEST_QUEUE, "0B to 4PiB");
    return limits.problems;
  }

  private void check(RepositorySpec storage, String path) {
    if (storage instanceof ObjectStoreSpec objects) {
      var chunk = objects.store().uploadChunkSize();
      if (chunk != null && StanzaValidation.isSize(chunk)) {
        chunk(storage, chunk, path + ".uploadChunkSize");
      }
      tags(storage, Objects.requireNonNullElse(objects.store().tags(), Map.of()), path + ".tags");
    }
    if (storage instanceof SftpRepository sftp) {
      fingerprint(sftp, path);
    }
  }

  private void chunk(RepositorySpec storage, String size, String path) {
    switch (storage) {
      case S3Repository _ -> range(size, path, 5 * MIB, LARGEST_CHUNK, "5MiB to 1GiB");
      case AzureRepository _ -> range(size, path, 4 * MIB, LARGEST_CHUNK, "4MiB to 1GiB");
      case GcsRepository _ -> {
        range(size, path, 4 * MIB, LARGEST_CHUNK, "4MiB to 1GiB");
        if (ByteSize.parse(size).orElse(0) % CHUNK_OF_GOOGLE != 0) {
          refuse(
              "has '%s' in %s, which Google does not take".formatted(size, path),
              "use a multiple of 256KiB, such as 16MiB");
        }
      }
      case SftpRepository _, VolumeRepository _ -> {}
    }
  }

  private void range(String size, String path, long least, long most, String words) {
    var bytes = ByteSize.parse(size);
    if (bytes.isEmpty() || bytes.getAsLong() < least || bytes.getAsLong() > most) {
      refuse(
          "has '%s' in %s, which pgBackRest does not take".formatted(size, path), "use " + words);
    }
  }

  private void tags(RepositorySpec storage, Map<String, String> tags, String path) {
    if (storage instanceof GcsRepository) {
      return;
    }
    if (tags.size() > MOST_TAGS) {
      refuse(
          "has %d tags in %s".formatted(tags.size(), path),
          "use %d at most, as many as the store takes for an object".formatted(MOST_TAGS));
    }
    for (var tag : tags.entrySet()) {
      if (tag.getKey().length() > LONGEST_KEY || tag.getValue().length() > LONGEST_VALUE) {
        refuse(
            "has the tag '%s' in %s, which is too long for the store".formatted(tag.getKey(), path),
            "use %d characters at most in its name and %d in its value"
                .formatted(LONGEST_KEY, LONGEST_VALUE));
      }
    }
  }

  private void fingerprint(SftpRepository sftp, String path) {
    var fingerprint = sftp.hostFingerprint();
    if (fingerprint == null
        || sftp.hostKeyCheckType() != SftpRepository.HostKeyCheckType.FINGERPRINT) {
      return;
    }
    var digits =
        switch (sftp.hostKeyHashType()) {
          case MD5 -> 32;
          case SHA1 -> 40;
          case SHA256 -> 64;
        };
    if (fingerprint.length() != digits) {
      refuse(
          "has %d digits in %s.hostFingerprint, and a fingerprint by %s has %d"
              .formatted(
                  fingerprint.length(), path, EnumSpelling.of(sftp.hostKeyHashType()), digits),
          "write that of the host in hexadecimal digits, or correct hostKeyHashType");
    }
  }

  private void refuse(String what, String remedy) {
    problems.add(StanzaValidation.problem(stanza, SpecReason.OUT_OF_RANGE, what, remedy));
  }
}
