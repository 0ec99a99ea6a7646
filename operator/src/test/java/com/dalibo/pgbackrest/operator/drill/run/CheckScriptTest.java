package com.dalibo.pgbackrest.operator.drill.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that a pod runs, in a shell, with scripts in place of psql and pg_amcheck that answer
/// as those do.
class CheckScriptTest {

  /// As in a database for which the source has set a time limit, and that nobody may write to.
  private static final String SETTINGS =
      "case $PGOPTIONS in *statement_timeout=0*read_only=off*) ;; *) echo 'ERROR:  canceling statement due to statement timeout' >&2; exit 1 ;; esac";

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void programs() throws IOException {
    Files.writeString(directory.resolve("username"), "postgres");
    Files.writeString(directory.resolve("password"), "secret");
    program(
        "psql",
        """
        while [ "$1" != -o ]; do shift; done
        out=$2; sql=$4
        [ "$PGPASSWORD" = secret ] || { echo "password authentication failed" >&2; exit 2; }
        case $sql in
          'CREATE EXTENSION'* | *pg_prewarm*) %1$s ;;
        esac
        case $sql in
          'SELECT 1') echo 1 ;;
          *server_version*) echo '17.6 (Debian 17.6-1.pgdg12+1)' ;;
          *pg_database_size*) echo 250609664 ;;
          'SHOW data_checksums') echo on ;;
          'SELECT datname'*) printf 'app\\npostgres\\n' ;;
          'CREATE EXTENSION'*) ;;
          *pg_prewarm*) [ ! -e "$DAMAGED" ] || { echo 'ERROR:  invalid page in block 7 of relation base/5/16384' >&2; exit 1; }; echo 100 ;;
          *true*) echo 't|more' ;;
          *options*) echo "$PGOPTIONS" ;;
          *false*) echo f ;;
          *missing*) echo 'ERROR:  relation "missing" does not exist' >&2; exit 1 ;;
          *long*) head -c 4000 /dev/zero | tr '\\0' 'x' ;;
          *) printf '%%s %%s\\n' "$PGDATABASE" "$sql" ;;
        esac >"$out"
        """
            .formatted(SETTINGS));
    program(
        "pg_amcheck",
        SETTINGS
            + "\n[ ! -e \"$DAMAGED\" ] || { echo 'heap table \"app.public.t\", block 7:'; exit 2; }");
    environment.put("PATH", directory + ":" + System.getenv("PATH"));
    environment.put("SCRATCH", directory.toString());
    environment.put("SUPERUSER", directory.toString());
    environment.put("MESSAGE", directory.resolve("message").toString());
    environment.put("DAMAGED", directory.resolve("damaged").toString());
    environment.put("TRIES", "1");
    environment.put("PGHOST", "drill-rw");
    environment.put("PAGES", "no");
  }

  @Test
  void eachCheckIsAnswered() throws Exception {
    checks("SELECT true", "SELECT false", "SELECT * FROM missing", "SELECT '\"a\\b\"'");

    var report = report();

    assertThat(report.postgres()).isEqualTo("17.6 (Debian 17.6-1.pgdg12+1)");
    assertThat(report.size()).isEqualTo(250_609_664);
    assertThat(report.checks())
        .containsExactly(
            new CheckReport.Answer(true, null),
            new CheckReport.Answer(false, "f"),
            new CheckReport.Answer(false, "ERROR:  relation \"missing\" does not exist"),
            new CheckReport.Answer(false, "db3 SELECT '\"a\\b\"'"));
    assertThat(report.pages()).isNull();
  }

  /// It is named before the Job is stopped, which would leave no answer of any check.
  @Test
  void aCheckHasTheTimeThatIsLeft() throws Exception {
    environment.put("LIMIT", "600");
    checks("options");

    assertThat(report().checks().getFirst().answer())
        .matches("-c default_transaction_read_only=on -c statement_timeout=(600|599|598)s");
  }

  @Test
  void theAnswerFitsIntoATerminationMessage() throws Exception {
    checks(Collections.nCopies(32, "long").toArray(String[]::new));
    environment.put("PAGES", "yes");

    var report = report();

    assertThat(report.checks()).hasSize(32).noneMatch(CheckReport.Answer::passed);
    assertThat(Files.size(directory.resolve("message"))).isLessThan(4096);
  }

  @Test
  void everyBlockOfEveryDatabaseIsRead() throws Exception {
    checks();
    environment.put("PAGES", "yes");

    assertThat(report().pages()).isEqualTo(new CheckReport.PageAnswer(true, 200L, true, ""));
  }

  @Test
  void damageIsReported() throws Exception {
    checks();
    environment.put("PAGES", "yes");
    Files.createFile(directory.resolve("damaged"));

    assertThat(report().pages())
        .isEqualTo(
            new CheckReport.PageAnswer(false, 0L, true, "heap table \"app.public.t\", block 7:"));
  }

  @Test
  void whereNothingCanBeAskedTheProgramFails() throws Exception {
    Files.writeString(directory.resolve("password"), "other");
    checks("SELECT true");

    assertThat(run()).isEqualTo(1);
    var message = Files.readString(directory.resolve("message"));
    assertThat(CheckReport.parse(message).orElseThrow().error())
        .isEqualTo("password authentication failed");
  }

  private void checks(String... queries) {
    environment.put("CHECKS", Integer.toString(queries.length));
    for (int i = 0; i < queries.length; i++) {
      environment.put("DATABASE_" + i, "db" + i);
      environment.put("SQL_" + i, queries[i]);
    }
  }

  private CheckReport report() throws Exception {
    assertThat(run()).isZero();
    return CheckReport.parse(Files.readString(directory.resolve("message"))).orElseThrow();
  }

  private int run() throws Exception {
    var builder =
        new ProcessBuilder(List.of("/bin/sh", "-c", CheckJob.script())).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var code = process.waitFor();
    assertThat(output).isEmpty();
    return code;
  }

  private void program(String name, String script) throws IOException {
    var file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
