package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What users may say to pgBackRest beyond the fields of the Stanza, and what they may not, with
/// the reason. Options of a repository stand without `repoN-`.
public final class UserOptions {
  private static final Pattern NAME =
      Pattern.compile("(?:([a-z-]+):)?(?:repo([0-9]{1,3})-)?([a-z][a-z0-9-]*)");
  private static final String VARIABLE_PREFIX = "PGBACKREST_";
  private static final int NO_REPOSITORY = 0;

  private UserOptions() {}

  /// An option a user asks for, taken apart.
  ///
  /// @param command empty for all commands
  /// @param repository 0 for none
  public record Asked(String where, String command, int repository, String name, String value) {
    private boolean ofARepository() {
      return repository != NO_REPOSITORY;
    }

    /// As pgBackRest's documentation spells it.
    String documented() {
      return ofARepository() ? "repo-" + name : name;
    }

    public String written() {
      return ofARepository() ? "repo" + repository + "-" + name : name;
    }
  }

  /// Those that may be written, in the order of their names.
  public static List<Asked> accepted(Stanza stanza) {
    return asked(stanza)
        .filter(asked -> !isWithoutEffect(stanza, asked) && refusal(stanza, asked).isEmpty())
        .toList();
  }

  /// What is given for an option of a repository for all commands, where its field is absent.
  ///
  /// @param accepted those of the Stanza
  public static Optional<String> ofRepository(List<Asked> accepted, int repository, String option) {
    return accepted.stream()
        .filter(asked -> asked.command().isEmpty() && asked.repository() == repository)
        .filter(asked -> asked.name().equals(option))
        .map(Asked::value)
        .findFirst();
  }

  public static List<Problem> problems(Stanza stanza) {
    return asked(stanza)
        .filter(asked -> !isWithoutEffect(stanza, asked))
        .map(asked -> refusal(stanza, asked))
        .filter(refusal -> !refusal.isEmpty())
        .map(refusal -> new Problem(SpecReason.OPTION_REFUSED, refusal))
        .toList();
  }

  /// Variables that had no effect with the Go plugin either: they stop nothing.
  public static List<Problem> warnings(Stanza stanza) {
    return asked(stanza)
        .filter(asked -> isWithoutEffect(stanza, asked))
        .map(
            asked ->
                new Problem(
                    ClusterReason.OPTION_WITHOUT_EFFECT,
                    sentence(
                        stanza,
                        asked,
                        isSetByAField(asked)
                            ? "has no effect: a field of the Stanza sets the same"
                            : UserOptionRules.OVERWRITTEN.contains(asked.name())
                                ? "has no effect: the plugin sets it"
                                : "has no effect: pgBackRest has no such option",
                        "remove it")))
        .toList();
  }

  /// The Go plugin wrote the fields after the variables, and pgBackRest passes over a variable that
  /// it does not know.
  private static boolean isWithoutEffect(Stanza stanza, Asked asked) {
    if (!asked.where().startsWith("customEnvVar")
        || asked.name().isEmpty()
        || !asked.command().isEmpty()
        || (asked.ofARepository() && missing(stanza, asked.repository()))) {
      return false;
    }
    if (!asked.ofARepository() && UserOptionRules.OVERWRITTEN.contains(asked.name())) {
      return true;
    }
    return isSetByAField(asked) ? !isAbsent(stanza, asked) : isUnknown(asked);
  }

  private static boolean isUnknown(Asked asked) {
    var open =
        asked.ofARepository() ? UserOptionRules.ALLOWED_OF_A_REPOSITORY : UserOptionRules.ALLOWED;
    return !open.contains(asked.name())
        && !asked.name().matches("pg[0-9]*-.*")
        && UserOptionRules.refusal(asked.documented()).isEmpty();
  }

  private static Stream<Asked> asked(Stanza stanza) {
    var configuration = stanza.spec().stanzaConfiguration();
    return Stream.concat(
        sorted(configuration.options())
            .map(option -> parsed("options", option.getKey(), option.getKey(), option.getValue())),
        sorted(configuration.customEnvVar())
            .map(
                variable ->
                    parsed(
                        "customEnvVar",
                        variable.getKey(),
                        optionOf(variable.getKey()),
                        variable.getValue())));
  }

  private static Stream<Map.Entry<String, String>> sorted(@Nullable Map<String, String> options) {
    return options == null ? Stream.of() : new TreeMap<>(options).entrySet().stream();
  }

  /// Empty when the name is no variable of pgBackRest.
  private static String optionOf(String variable) {
    return variable.startsWith(VARIABLE_PREFIX)
        ? variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-')
        : "";
  }

  private static Asked parsed(String list, String key, String option, String value) {
    var where = list + "['" + key + "']";
    var name = NAME.matcher(option);
    if (!name.matches()) {
      return new Asked(where, "", NO_REPOSITORY, "", value);
    }
    var command = name.group(1) == null ? "" : name.group(1);
    var repository = name.group(2) == null ? NO_REPOSITORY : Integer.parseInt(name.group(2));
    var current =
        list.equals("customEnvVar") && repository != NO_REPOSITORY
            ? UserOptionRules.ALIASES.getOrDefault(name.group(3), name.group(3))
            : name.group(3);
    return new Asked(where, command, repository, current, value);
  }

  /// Why it may not be written; empty when it may.
  private static String refusal(Stanza stanza, Asked asked) {
    if (asked.name().isEmpty()) {
      return asked.where().startsWith("customEnvVar")
          ? sentence(stanza, asked, "is not a variable of pgBackRest", "remove it")
          : sentence(
              stanza, asked, "is not an option", "write its name as the documentation spells it");
    }
    if (!asked.command().isEmpty() && !UserOptionRules.COMMANDS.contains(asked.command())) {
      return sentence(
          stanza,
          asked,
          "is for a command that cannot be given options",
          "use one of "
              + UserOptionRules.COMMANDS.stream().sorted().collect(Collectors.joining(", ")));
    }
    if (!OptionValue.isWritable(asked.value())) {
      return sentence(
          stanza,
          asked,
          "is empty, or has white space at an end, or a character that cannot be seen",
          "give it a plain value or remove it");
    }
    var reason = UserOptionRules.refusal(asked.documented());
    if (!reason.isEmpty()) {
      return sentence(stanza, asked, "is refused: " + reason, "remove it");
    }
    if (asked.ofARepository() && missing(stanza, asked.repository())) {
      return sentence(
          stanza,
          asked,
          "is for a repository that the stanza does not have",
          "correct the number or remove it");
    }
    if (isOpen(stanza, asked)) {
      return "";
    }
    return isSetByAField(asked)
        ? sentence(stanza, asked, "is set by a field of the Stanza", "use the field")
        : sentence(
            stanza,
            asked,
            "is not an option of pgBackRest known here",
            "correct the name or remove it");
  }

  private static boolean isOpen(Stanza stanza, Asked asked) {
    var open =
        asked.ofARepository() ? UserOptionRules.ALLOWED_OF_A_REPOSITORY : UserOptionRules.ALLOWED;
    if (open.contains(asked.name())) {
      return true;
    }
    if (!asked.ofARepository()
        && !asked.command().isEmpty()
        && UserOptionRules.ALLOWED_FOR_A_COMMAND.contains(asked.name())) {
      return true;
    }
    var whereAbsent =
        asked.ofARepository()
            ? UserOptionRules.OPEN_WHERE_ABSENT_OF_A_REPOSITORY
            : UserOptionRules.OPEN_WHERE_ABSENT;
    return asked.where().startsWith("customEnvVar")
        && whereAbsent.contains(asked.name())
        && isAbsent(stanza, asked);
  }

  private static boolean isAbsent(Stanza stanza, Asked asked) {
    var settings =
        asked.ofARepository()
            ? Repositories.of(stanza.spec()).stream()
                .filter(repository -> repository.index() == asked.repository())
                .flatMap(
                    repository ->
                        RepositoryOptions.settings(repository, InstancePaths.VOLUMES).stream())
            : StanzaOptions.settings(stanza.spec().stanzaConfiguration()).stream();
    return settings.map(Setting::option).noneMatch(asked.name()::equals);
  }

  private static boolean isSetByAField(Asked asked) {
    var options = asked.ofARepository() ? RepositoryOptions.options() : StanzaOptions.options();
    return options.contains(asked.name());
  }

  private static boolean missing(Stanza stanza, int repository) {
    return Repositories.of(stanza.spec()).stream().noneMatch(known -> known.index() == repository);
  }

  private static String sentence(Stanza stanza, Asked asked, String what, String remedy) {
    return "%s of the Stanza '%s' %s; %s".formatted(asked.where(), stanza.name(), what, remedy);
  }
}
