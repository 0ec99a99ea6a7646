package com.dalibo.pgbackrest.error;

import com.dalibo.pgbackrest.process.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one repository said when a command that uses several met an error there.
public record RepositoryFailure(int repository, ErrorCode errorCode, String message) {
  // 'repo2: [HostConnectError] text', also with the file in question before the error's name.
  private static final Pattern REPOSITORY =
      Pattern.compile("repo(?<key>\\d+): (?<text>(?:[^\\[]*\\[(?<name>[A-Za-z]+Error)\\] )?.*)");

  public boolean isTransient() {
    return TransientError.of(errorCode, message);
  }

  /// The failures that the text of a message lists, one `repoN: [NameError] text` per repository
  /// with lines that belong to it.
  static List<RepositoryFailure> in(LogLine line) {
    var failures = new ArrayList<RepositoryFailure>();
    for (var text : line.text().split("\n", -1)) {
      var matcher = REPOSITORY.matcher(text);
      if (matcher.matches()) {
        failures.add(
            new RepositoryFailure(
                Integer.parseInt(matcher.group("key")),
                Optional.ofNullable(matcher.group("name"))
                    .flatMap(ErrorCode::ofName)
                    .orElse(ErrorCode.OTHER),
                matcher.group("text").replaceFirst("^\\[[A-Za-z]+\\] ", "")));
      } else if (!failures.isEmpty()) {
        var last = failures.removeLast();
        failures.add(
            new RepositoryFailure(
                last.repository(), last.errorCode(), last.message() + "\n" + text));
      }
    }
    return List.copyOf(failures);
  }
}
