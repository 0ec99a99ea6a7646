package com.dalibo.pgbackrest.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Reads what a running program prints on its two streams, each on a thread of its own: the log
/// from stderr as it comes, the payload from stdout whole. Both are bounded and decoded leniently.
final class ProgramStreams implements AutoCloseable {
  private static final int MAX_STDOUT = 16 * 1024 * 1024;
  private static final int MAX_LOG = 256 * 1024;

  private final BoundedLog log = new BoundedLog(MAX_LOG);
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final CountDownLatch open = new CountDownLatch(2);
  private final Process process;
  private boolean tooLong;

  ProgramStreams(Process process, Consumer<LogLine> progress) {
    this.process = process;
    Thread.ofVirtual().name("stdout-" + process.pid()).start(() -> read(this::readStdout));
    Thread.ofVirtual()
        .name("stderr-" + process.pid())
        .start(() -> read(() -> readStderr(progress)));
  }

  boolean endWithin(Duration time) throws InterruptedException {
    return open.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  ProgramOutput output(int exitCode) throws IOException, InterruptedException {
    if (!endWithin(Duration.ofSeconds(10))) {
      throw new IOException("its output did not end with it");
    }
    if (tooLong) {
      throw new IOException("it printed more than %d MiB".formatted(MAX_STDOUT >> 20));
    }
    var payload = ProgramStdout.of(stdout.toString(UTF_8));
    payload.log().forEach(log::add);
    return new ProgramOutput(exitCode, payload.text(), log.lines());
  }

  @Override
  public void close() {
    closeQuietly(process.getInputStream());
    closeQuietly(process.getErrorStream());
  }

  private interface Reading {
    void run() throws IOException;
  }

  private void read(Reading reading) {
    try {
      reading.run();
    } catch (IOException e) {
      // The stream was closed because the program had to go; what was read so far counts.
    } finally {
      open.countDown();
    }
  }

  private void readStdout() throws IOException {
    var buffer = new byte[8192];
    var stream = process.getInputStream();
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      if (stdout.size() + n > MAX_STDOUT) {
        tooLong = true;
      } else {
        stdout.write(buffer, 0, n);
      }
    }
  }

  private void readStderr(Consumer<LogLine> progress) throws IOException {
    var parser =
        new LogParser(
            message -> {
              // One line per file of a backup would push out what matters.
              if (message.level() != LogLine.Level.DETAIL) {
                log.add(message);
              }
              report(progress, message);
            });
    try {
      new LineReader(process.getErrorStream()).forEach(parser::line);
    } finally {
      parser.end();
    }
  }

  private static void report(Consumer<LogLine> progress, LogLine message) {
    try {
      progress.accept(message);
    } catch (RuntimeException e) {
      // Whoever listens must not stop the reading: the program would wait for it for ever.
    }
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // It is no longer read.
    }
  }
}
