package com.dalibo.pgbackrest.process;

import java.util.ArrayList;
import java.util.List;

/// What a program printed on stdout, parted: log lines come first (pgBackRest warns there about
/// options it does not know, whatever its log settings say), the rest is what was asked for.
record ProgramStdout(List<LogLine> log, String text) {

  static ProgramStdout of(String stdout) {
    var log = new ArrayList<LogLine>();
    var parser = new LogParser(log::add);
    var at = 0;
    var inMessage = false;
    while (at < stdout.length()) {
      var end = stdout.indexOf('\n', at);
      var line = stdout.substring(at, end < 0 ? stdout.length() : end);
      var message = LogParser.isMessage(line);
      // Continuation lines are indented to the message's text, at least as far as its level.
      if (!message && !(inMessage && line.startsWith("      "))) {
        break;
      }
      inMessage = true;
      parser.line(line);
      at = end < 0 ? stdout.length() : end + 1;
    }
    parser.end();
    return new ProgramStdout(log, stdout.substring(at));
  }
}
