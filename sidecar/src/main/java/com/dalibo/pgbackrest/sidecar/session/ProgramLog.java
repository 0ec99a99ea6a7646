package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.process.LogLine;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The log of a running backup or restore as ours: every message of pgBackRest down to `INFO`, and
/// of the many about single files the percentage that is done, now and then.
public final class ProgramLog implements Consumer<LogLine> {
  private static final Pattern DONE = Pattern.compile(", (\\d{1,3}\\.\\d\\d%)\\)");

  private final Log log;
  private final Duration every;
  private final @Nullable Object[] names;
  private long lastLogged = System.nanoTime();

  /// Names go with every line, keys and values alternating.
  public ProgramLog(Log log, Duration every, @Nullable Object... names) {
    this.log = log;
    this.every = every;
    this.names = names.clone();
  }

  @Override
  public synchronized void accept(LogLine line) {
    switch (line.level()) {
      case WARN, ERROR, ASSERT -> log.warning("pgbackrest: " + line.text(), names);
      case INFO -> {
        // These lines repeat every option that was set.
        if (line.text().contains(" command begin ")) {
          log.debug("pgbackrest: " + line.text(), names);
        } else {
          log.info("pgbackrest: " + line.text(), names);
        }
      }
      case DETAIL -> percentage(line.text());
      case DEBUG, TRACE, OTHER -> log.debug("pgbackrest: " + line.text(), names);
    }
  }

  private void percentage(String text) {
    var done = DONE.matcher(text);
    if (!done.find() || System.nanoTime() - lastLogged < every.toNanos()) {
      return;
    }
    lastLogged = System.nanoTime();
    var named = Arrays.copyOf(names, names.length + 2);
    named[names.length] = "done";
    named[names.length + 1] = done.group(1);
    log.info("copying", named);
  }
}
