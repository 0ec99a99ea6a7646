package com.dalibo.pgbackrest.e2e;

import java.time.Duration;

/// Stops programs in the sidecar of a pod, which do nothing from then on and do not end.
record HungProgram(Story story, String pod) {
  private static final String STOP =
      """
      my $stopped = 0;
      for (glob '/proc/[0-9]*/cmdline') {
        my ($id) = m{(\\d+)};
        next if $id == $$;
        open F, $_ or next;
        my $line = <F> // '';
        my @words = split /\\0/, $line;
        next unless @words && $words[0] =~ m{(^|/)(java|pgbackrest)$};
        next unless $words[0] =~ m{(^|/)$ARGV[0]$} || grep { $_ eq $ARGV[0] || /^$ARGV[0]:/ } @words;
        $stopped += kill 'STOP', $id;
      }
      exit($stopped ? 0 : 1);
      """;

  /// @param program `java`, or a command of pgBackRest; waits until it runs
  void stop(String program) {
    story.await(
        "stopped " + program + " in " + pod,
        Duration.ofMinutes(2),
        () -> story.exec(pod, "pgbackrest-plugin", "perl", "-e", STOP, program),
        output -> true);
  }
}
