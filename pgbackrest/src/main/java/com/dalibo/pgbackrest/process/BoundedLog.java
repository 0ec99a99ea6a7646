package com.dalibo.pgbackrest.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The end of a log: the newest messages up to a size, so that a long run cannot fill the memory.
final class BoundedLog {
  private final int maxCharacters;
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private int characters;

  BoundedLog(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  synchronized void add(LogLine line) {
    lines.addLast(line);
    characters += line.text().length();
    while (characters > maxCharacters && lines.size() > 1) {
      characters -= lines.removeFirst().text().length();
    }
  }

  synchronized List<LogLine> lines() {
    return List.copyOf(lines);
  }
}
