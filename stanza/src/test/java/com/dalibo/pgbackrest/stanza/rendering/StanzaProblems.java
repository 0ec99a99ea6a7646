package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.api.Problem;

/// The problems of a Stanza of which a test gives the configuration.
final class StanzaProblems {

  static final String VOLUME = "volumeRepositories: [{claimName: c, repoPath: /p%s}]";
  static final String S3 =
      "s3Repositories: [{bucket: b, endpoint: e, region: r, repoPath: /p, keyType: auto%s}]";

  private StanzaProblems() {}

  static String problems(String configuration) {
    return problems("name: main", configuration);
  }

  static String problems(String name, String configuration) {
    return String.join(
        "\n",
        StanzaValidation.problems(Documents.stanza(name + "\n" + configuration)).stream()
            .map(Problem::message)
            .toList());
  }
}
