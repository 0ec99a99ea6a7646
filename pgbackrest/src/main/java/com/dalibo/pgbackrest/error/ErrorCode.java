package com.dalibo.pgbackrest.error;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The errors of pgBackRest: the exit code, the name its log uses (`HostConnectError`), and whether
/// the same command may succeed later without anyone changing anything.
public enum ErrorCode {
  ASSERT(25, Again.NO),
  CHECKSUM(26, Again.NO),
  CONFIG(27, Again.NO),
  FILE_INVALID(28, Again.NO),
  FORMAT(29, Again.NO),
  COMMAND_REQUIRED(30, Again.NO),
  OPTION_INVALID(31, Again.NO),
  OPTION_INVALID_VALUE(32, Again.NO),
  OPTION_REQUIRED(37, Again.NO),
  PG_RUNNING(38, Again.NO),
  /// An answer of the storage that is an error. Only some may pass: see
  /// [PgBackRestException#isTransient()].
  PROTOCOL(39, Again.BY_TEXT),
  PATH_NOT_EMPTY(40, Again.NO),
  /// A file of the storage, like all that follow: an I/O error of a network file system may pass.
  FILE_OPEN(41, Again.BY_TEXT),
  /// Also what a connection that broke in the middle is reported as.
  FILE_READ(42, Again.BY_TEXT),
  PARAM_REQUIRED(43, Again.NO),
  ARCHIVE_MISMATCH(44, Again.NO),
  ARCHIVE_DUPLICATE(45, Again.NO),
  VERSION_NOT_SUPPORTED(46, Again.NO),
  PATH_CREATE(47, Again.BY_TEXT),
  COMMAND_INVALID(48, Again.NO),
  HOST_CONNECT(49, Again.YES),
  LOCK_ACQUIRE(50, Again.YES),
  BACKUP_MISMATCH(51, Again.NO),
  FILE_SYNC(52, Again.BY_TEXT),
  PATH_OPEN(53, Again.BY_TEXT),
  PATH_SYNC(54, Again.BY_TEXT),
  FILE_MISSING(55, Again.NO),
  DB_CONNECT(56, Again.YES),
  DB_QUERY(57, Again.NO),
  DB_MISMATCH(58, Again.NO),
  FILE_REMOVE(60, Again.BY_TEXT),
  PATH_REMOVE(61, Again.BY_TEXT),
  STOP(62, Again.NO),
  TERM(63, Again.YES),
  FILE_WRITE(64, Again.BY_TEXT),
  ARCHIVE_COMMAND_INVALID(68, Again.NO),
  PATH_MISSING(73, Again.NO),
  FILE_MOVE(74, Again.BY_TEXT),
  BACKUP_SET_INVALID(75, Again.NO),
  TABLESPACE_MAP(76, Again.NO),
  LINK_MAP(78, Again.NO),
  FILE_CLOSE(79, Again.BY_TEXT),
  DB_MISSING(80, Again.NO),
  DB_INVALID(81, Again.NO),
  ARCHIVE_TIMEOUT(82, Again.YES),
  ARCHIVE_DISABLED(87, Again.NO),
  CRYPTO(95, Again.NO),
  FILE_INFO(98, Again.BY_TEXT),
  SERVICE(101, Again.YES),
  EXECUTE(102, Again.NO),
  /// Every repository failed; [PgBackRestException#repositories()] says why.
  REPO_INVALID(103, Again.BY_TEXT),
  /// Some repositories failed; [PgBackRestException#repositories()] says which and why.
  COMMAND(104, Again.BY_TEXT),
  ACCESS(105, Again.NO),
  CLOCK(106, Again.NO),
  RUNTIME(122, Again.NO),
  UNHANDLED(124, Again.NO),
  UNKNOWN(125, Again.NO),
  /// Ours: the program was ended because it took longer than its deadline.
  DEADLINE(-1, Again.YES),
  /// Ours: the program could not be started.
  NOT_STARTED(-2, Again.NO),
  /// Ours: the program was ended by a signal that was not ours, such as the kernel's when memory
  /// runs out.
  KILLED(-3, Again.YES),
  /// Ours: what the program printed could not be understood.
  UNREADABLE(-4, Again.NO),
  /// Any other exit code.
  OTHER(-5, Again.NO);

  enum Again {
    YES,
    NO,
    BY_TEXT
  }

  private final int code;
  private final Again again;

  ErrorCode(int code, Again again) {
    this.code = code;
    this.again = again;
  }

  public int code() {
    return code;
  }

  Again again() {
    return again;
  }

  /// As in the log and the documentation: `host-connect`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ErrorCode ofExit(int exitCode) {
    if (exitCode > 128) {
      return KILLED;
    }
    return Arrays.stream(values())
        .filter(value -> value.code == exitCode)
        .findFirst()
        .orElse(OTHER);
  }

  /// From a name such as `HostConnectError`.
  public static Optional<ErrorCode> ofName(String name) {
    var constant =
        name.replaceFirst("Error$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(value -> value.code > 0 && value.name().equals(constant))
        .findFirst();
  }
}
