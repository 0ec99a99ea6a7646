package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.process.Invocation;
import com.dalibo.pgbackrest.process.ProgramRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// The SHA-1 of a file, in 40 hexadecimal digits. `sha1sum` uses the instructions that processors
/// have for it; Java does only with a compiler that the sidecar does without, and takes three to
/// six times as long. So it is asked where the program gives no answer, and always after the
/// program has let one file wait for it until its time limit.
final class FileSha1 {
  private static final Path PROGRAM = Path.of("sha1sum");
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Pattern ANSWER = Pattern.compile("([0-9a-f]{40}) [ *].+\n");
  private static final Log log = Log.named("wal-restore");

  private final ProgramRunner runner;
  private final Path program;
  private final Duration limit;
  private volatile boolean isHung;

  FileSha1(ProgramRunner runner) {
    this(runner, PROGRAM, LIMIT);
  }

  FileSha1(ProgramRunner runner, Path program, Duration limit) {
    this.runner = runner;
    this.program = program;
    this.limit = limit;
  }

  String of(Path file) throws IOException, InterruptedException {
    var answer = isHung ? Optional.<String>empty() : ask(file);
    return answer.isPresent() ? answer.get() : compute(file);
  }

  private Optional<String> ask(Path file) throws InterruptedException {
    try {
      var output =
          runner.run(
              new Invocation(program, List.of("--binary", file.toString()), Map.of(), limit),
              _ -> {});
      var answer = ANSWER.matcher(output.stdout());
      if (output.exitCode() == 0 && answer.matches()) {
        return Optional.of(answer.group(1));
      }
      log.debug("no answer", "program", program, "exitCode", output.exitCode());
    } catch (TimeoutException hung) {
      isHung = true;
      log.warning(
          "a program does not answer and is not asked again; WAL is checked more slowly",
          "program",
          program,
          "cause",
          hung.getMessage());
    } catch (IOException trouble) {
      log.debug("no answer", "program", program, "cause", trouble.getMessage());
    }
    return Optional.empty();
  }

  private static String compute(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        Files.copy(file, out);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }
}
