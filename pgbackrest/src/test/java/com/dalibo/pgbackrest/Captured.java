package com.dalibo.pgbackrest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.LogParser;
import com.dalibo.pgbackrest.process.ProgramOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Output that pgBackRest 2.60.0 really printed.
public final class Captured {
  private Captured() {}

  public static final String NO_STANZA =
      """
      ERROR: [103]: unable to find a valid repository:
             repo1: [FileMissingError] unable to load info file '/repo1/archive/main/archive.info' or '/repo1/archive/main/archive.info.copy':
             FileMissingError: unable to open missing file '/repo1/archive/main/archive.info' for read
             FileMissingError: unable to open missing file '/repo1/archive/main/archive.info.copy' for read
             HINT: archive.info cannot be opened but is required to push/get WAL segments.
             HINT: has a stanza-create been performed?
      """;

  public static final String ONE_REPOSITORY_DOWN =
      """
      ERROR: [104]: archive-push command encountered error(s):
             repo2: [HostConnectError] unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':
             HostConnectError: unable to get address for 'b.localhost': [-2] Name or service not known
             HINT: has a stanza-create been performed?
      """;

  public static final String WARNED =
      """
      WARN: repo2: [HostConnectError] unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':
            HostConnectError: unable to get address for 'b.localhost': [-2] Name or service not known
            HINT: has a stanza-create been performed?
      """;

  public static final String WARNED_AND_FAILED =
      WARNED + "ERROR: [103]: unable to find a valid repository\n";

  static final String DIFFERENT_CHECKSUM =
      """
      ERROR: [045]: WAL file '000000010000000000000001' already exists in the repo1 archive with a different checksum
      """;

  public static final String DROPPED =
      """
      WARN: dropped WAL file '000000010000000000000002' because archive queue exceeded 1KB
      """;

  public static final String WRONG_TYPE =
      """
      P00  ERROR: [032]: 'wrong' is not allowed for 'type' option
                  HINT: allowed values are 'full', 'diff', 'incr'
      """;

  public static List<LogLine> log(String text) {
    var lines = new ArrayList<LogLine>();
    var parser = new LogParser(lines::add);
    text.lines().forEach(parser::line);
    parser.end();
    return lines;
  }

  public static ProgramOutput output(int exitCode, String log) {
    return new ProgramOutput(exitCode, "", log(log));
  }

  public static String resource(String name) {
    try (var stream = Captured.class.getResourceAsStream("/" + name)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
