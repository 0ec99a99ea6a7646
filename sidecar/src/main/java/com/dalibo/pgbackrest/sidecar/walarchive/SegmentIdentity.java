package com.dalibo.pgbackrest.sidecar.walarchive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/// What tells a file from another one that has its name later, and from the same one with other
/// content: PostgreSQL recycles segments by renaming them, which changes the time of the last
/// change, and writes to them, which changes both times.
record SegmentIdentity(String name, Map<String, Object> attributes) {
  private static final String ATTRIBUTES = "unix:dev,ino,size,lastModifiedTime,ctime";

  static SegmentIdentity of(Path file) throws IOException {
    return new SegmentIdentity(
        String.valueOf(file.getFileName()),
        Map.copyOf(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
  }
}
