package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration.RepositoryList;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of the schema for the lists of repositories, in CEL, made from the table of lists.
final class RepositoryRules {
  private static final List<String> LISTS =
      Arrays.stream(RepositoryList.values()).map(RepositoryList::field).toList();

  private record Rule(String message, String condition) {}

  private RepositoryRules() {}

  /// @param configuration the schema of the StanzaConfiguration
  static void add(ObjectNode configuration) {
    var rules = configuration.putArray("x-kubernetes-validations");
    all()
        .forEach(
            rule -> rules.addObject().put("message", rule.message()).put("rule", rule.condition()));
  }

  private static Stream<Rule> all() {
    return Stream.of(
            Stream.of(atLeastOne()),
            LISTS.stream().map(RepositoryRules::unique),
            pairs().map(pair -> disjoint(pair.getFirst(), pair.getLast())),
            Arrays.stream(RepositoryList.values()).map(RepositoryRules::encryptionStays))
        .flatMap(rules -> rules);
  }

  private static Rule atLeastOne() {
    return new Rule(
        "a stanza needs at least one repository; add one, for example under s3Repositories",
        LISTS.stream()
            .map("(has(self.%1$s) && size(self.%1$s) > 0)"::formatted)
            .collect(Collectors.joining(" || ")));
  }

  private static Rule unique(String list) {
    return new Rule(
        "names and indexes of repositories must be unique; two of %s share one".formatted(list),
        ("!has(self.%1$s) || self.%1$s.all(r, (!has(r.name) || "
                + "self.%1$s.exists_one(o, has(o.name) && o.name == r.name)) && (!has(r.index) || "
                + "self.%1$s.exists_one(o, has(o.index) && o.index == r.index)))")
            .formatted(list));
  }

  private static Rule disjoint(String one, String other) {
    return new Rule(
        "names and indexes of repositories must be unique; %s and %s share one"
            .formatted(one, other),
        ("!has(self.%1$s) || !has(self.%2$s) || self.%1$s.all(a, self.%2$s.all(b, "
                + "(!has(a.name) || !has(b.name) || a.name != b.name) && "
                + "(!has(a.index) || !has(b.index) || a.index != b.index)))")
            .formatted(one, other));
  }

  private static Rule encryptionStays(RepositoryList list) {
    var same =
        Stream.concat(list.place().stream(), Stream.of("repoPath"))
            .map("n.%1$s == o.%1$s"::formatted)
            .collect(Collectors.joining(" && "));
    return new Rule(
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + list.field()
            + " another repoPath: it will be a new repository",
        ("!has(self.%1$s) || !has(oldSelf.%1$s) || oldSelf.%1$s.all(o, self.%1$s.all(n, "
                + "!(%2$s) || has(n.cipherConfig) == has(o.cipherConfig)))")
            .formatted(list.field(), same));
  }

  private static Stream<List<String>> pairs() {
    return LISTS.stream()
        .flatMap(
            one ->
                LISTS.subList(LISTS.indexOf(one) + 1, LISTS.size()).stream()
                    .map(other -> List.of(one, other)));
  }
}
