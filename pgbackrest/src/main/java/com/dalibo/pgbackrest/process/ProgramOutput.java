package com.dalibo.pgbackrest.process;

import java.util.List;

/// What a program left behind: its exit code, what it printed (without log lines) and the end of
/// its log.
public record ProgramOutput(int exitCode, String stdout, List<LogLine> log) {
  public ProgramOutput {
    log = List.copyOf(log);
  }

  public List<LogLine> warnings() {
    return log.stream().filter(LogLine::isWarning).toList();
  }
}
