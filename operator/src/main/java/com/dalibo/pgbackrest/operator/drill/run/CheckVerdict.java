package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The verdict on a run from the report of its checks: on the checks, the pages and the objectives.
record CheckVerdict(RestoreDrillRun run, RunDraft draft, CheckReport report) {

  /// Ends the run with it.
  void give() {
    record();
    var objectives = new Objectives(run, draft);
    objectives.measureLoss();
    failedCheck()
        .or(this::damagedPages)
        .or(objectives::missed)
        .ifPresentOrElse(
            problem -> draft.end(Result.FAILED, problem),
            () -> draft.end(Result.SUCCEEDED, new Problem(DrillReason.DRILL_SUCCEEDED, success())));
  }

  private void record() {
    var checks = checks();
    var answers = report.checks();
    var results = new JsonArray();
    for (int i = 0; i < Math.min(checks.size(), answers.size()); i++) {
      var result = new JsonObject();
      result.addProperty("name", checks.get(i).name());
      result.addProperty("passed", answers.get(i).passed());
      if (answers.get(i).answer() != null) {
        result.addProperty("answer", answers.get(i).answer());
      }
      results.add(result);
    }
    draft.set("checks", results);
    if (report.pages() != null) {
      var pages = new JsonObject();
      pages.addProperty("passed", report.pages().passed());
      pages.addProperty("read", report.pages().read());
      pages.addProperty("checksums", report.pages().checksums());
      pages.addProperty("answer", report.pages().answer());
      draft.set("pages", pages);
    }
    draft.object("restored").addProperty("size", report.size());
    draft.object("versions").addProperty("postgres", report.postgres());
    draft.object("versions").addProperty("plugin", Plugin.version());
  }

  private List<RestoreDrillSpec.Check> checks() {
    return CheckJob.checks(run);
  }

  private Optional<Problem> failedCheck() {
    var checks = checks();
    var answers = report.checks();
    for (int i = 0; i < checks.size(); i++) {
      if (i >= answers.size() || !answers.get(i).passed()) {
        var answer = i < answers.size() ? answers.get(i).answer() : null;
        return Optional.of(
            new Problem(
                DrillReason.DRILL_CHECK_FAILED,
                "the check '%s' was not true in database '%s': it answered '%s'; correct the query, or look for the data in the Cluster (spec.keep.failed)"
                    .formatted(
                        checks.get(i).name(),
                        Objects.requireNonNullElse(checks.get(i).database(), "app"),
                        Objects.toString(answer, ""))));
      }
    }
    return Optional.empty();
  }

  private Optional<Problem> damagedPages() {
    var pages = report.pages();
    return Boolean.TRUE.equals(run.spec().pages()) && (pages == null || !pages.passed())
        ? Optional.of(
            new Problem(
                DrillReason.DRILL_PAGES_DAMAGED,
                "pages are damaged: %s; check the source with pg_amcheck, and restore from an older backup what is damaged there too"
                    .formatted(pages == null ? "nothing was read" : pages.answer())))
        : Optional.empty();
  }

  private String success() {
    var pages = report.pages();
    return "backup %s of repository %s was restored in %s seconds; %d checks were true%s%s"
        .formatted(
            draft.restored("backup").map("'%s'"::formatted).orElse("(unknown)"),
            draft.restored("repository").orElse("(unknown)"),
            draft.between("created", "ready").map(Object::toString).orElse("an unknown number of"),
            checks().size(),
            pages == null ? "" : "; %d blocks were read".formatted(pages.read()),
            draft
                .restored("lastCommitTime")
                .map("; the last commit is of %s"::formatted)
                .orElse(""));
  }
}
