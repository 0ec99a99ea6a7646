package com.dalibo.pgbackrest.sidecar.remedy;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The text of an error of pgBackRest in one readable line: requests and answers of a store are
/// reduced to what was asked, its code and its message.
final class StoreAnswer {

  /// Up to the answer; where there is none, up to what is no header, in several lines or in one.
  private static final Pattern HEADERS =
      Pattern.compile(
          "\\*{3} (?:Request|Response) Headers \\*{3}:"
              + "(?:[^*]*(?=\\*{3} Response)|\n(?:(?!repo\\d+: )[a-z0-9-]+: [^\n]*(?:\n|$))*"
              + "|(?: (?!repo\\d+: )[a-z0-9-]+:(?:(?! [a-z0-9-]+: |; (?:HINT|remedy): | \\*{3}| \\[| (?:GET|HEAD|PUT|POST|DELETE) "
              + "| [A-Z][A-Za-z]+Error: )[^\n])*)+)");

  /// A request and the answer of an S3 or Azure store in XML, as pgBackRest cites them, with what
  /// it cites after that of the same repository: other tries of the same, cut where lines repeat.
  private static final Pattern XML =
      Pattern.compile(
          "\\*{3} Path/Query \\*{3}:\\s*(?<request>\\S+ \\S+)\\s(?<answer>(?:(?!\\*{3} Path/Query|</Error>)[\\s\\S])*"
              + "<Code>(?<code>[^<]*)</Code>(?:(?!</Error>)[\\s\\S])*</Error>)"
              + "(?:(?!\\s*(?:; )?HINT: |; remedy: |\\s*repo\\d+: \\[)[\\s\\S])*");

  /// The same in JSON, as Google and the metadata services of nodes answer.
  private static final Pattern JSON =
      Pattern.compile(
          "\\*{3} Path/Query \\*{3}:\\s*(?<request>\\S+ \\S+)\\s(?:(?!\\*{3} Path/Query)[\\s\\S])*?"
              + "\"(?:message|error_description)\"\\s*:\\s*\"(?<message>[^\"]*)\""
              + "(?:(?!\\s*(?:; )?HINT: |; remedy: |\\s*repo\\d+: \\[)[\\s\\S])*");

  private static final Pattern PATH = Pattern.compile("\\*{3} Path/Query \\*{3}:\\s*");

  /// Azure ends its message with the number and time of the request.
  private static final Pattern MESSAGE =
      Pattern.compile("<Message>([^<]*?)(?:\\s*RequestId:[^<]*)?</Message>");

  /// The one detail of a refusal by Azure that says more than its code.
  private static final Pattern DETAIL = Pattern.compile("Request date header too old");

  /// What was to be decrypted is cited to the end of its line, which it may not have. A page of a
  /// server that is no store is no such thing.
  private static final Pattern CITED =
      Pattern.compile(
          "(key/value found outside of section at line \\d+):(?! <[!?a-zA-Z])(?:(?!\\s*(?:; )?HINT: ).)*");

  /// What a store tells about a request and its signature helps nobody who wrote a Stanza, and
  /// makes the same failure look new each time.
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "<(RequestId|HostId|StringToSign|StringToSignBytes|SignatureProvided|CanonicalRequest|CanonicalRequestBytes)>.*?</\\1>",
          Pattern.DOTALL);

  /// Hints for a server on which somebody types commands, and one that follows every error of TLS.
  private static final String NO_HINT =
      "(?:is archive_command configured correctly in postgresql\\.conf\\?"
          + "|has a stanza-create been performed\\?"
          + "|is or was the repo encrypted\\?"
          + "|libssh2 compiled against non-openssl libraries requires --repo-sftp-private-key-file and"
          + " --repo-sftp-public-key-file to be provided"
          + "|libssh2 versions before 1\\.9\\.0 expect a PEM format keypair, try ssh-keygen -m PEM -t rsa -P \"\" to"
          + " generate the keypair"
          + "|use --no-archive-check to disable archive checks during backup if you have an alternate"
          + " archiving scheme\\.)";

  /// A line of its own each, or several after one `HINT: `, which stays where another follows.
  private static final Pattern NO_HELP =
      Pattern.compile(
          "(?:; )?HINT: (?:%1$s[ \\t]*)+(?:\n\\s*|(?=HINT: )|$)|%1$s\\s*".formatted(NO_HINT));

  /// The page of a server that is no store, with its title.
  private static final Pattern PAGE =
      Pattern.compile(
          "\\*{3} Response Content \\*{3}:\\s*<(?:!DOCTYPE )?html(?:(?!</title>|</html>)[\\s\\S])*?"
              + "(?:<title>([^<]*)</title>[\\s\\S]*?)?(?:</html>|$)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NO_CONTENT =
      Pattern.compile("\\s*\\*{3} Response Content \\*{3}:\\s*$");

  /// What cannot be decrypted is cited as it is.
  private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cn}\\uFFFD&&[^\\n\\t]]+");

  private StoreAnswer() {}

  static String brief(String words) {
    var headless = HEADERS.matcher(words).replaceAll("");
    var answered = XML.matcher(headless).replaceAll(StoreAnswer::xml);
    var paged = PAGE.matcher(answered).replaceAll(StoreAnswer::page);
    var spoken = NO_CONTENT.matcher(paged).replaceAll("");
    var plain = JSON.matcher(spoken).replaceAll(StoreAnswer::json);
    var unsigned = SIGNATURE.matcher(PATH.matcher(plain).replaceAll("")).replaceAll("");
    var helpful = NO_HELP.matcher(unsigned).replaceAll("");
    return oneLine(CITED.matcher(helpful).replaceAll("$1"));
  }

  /// Without lines that repeat, and without those that are no text.
  private static String oneLine(String words) {
    var readable =
        words
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !NO_TEXT.matcher(line).find())
            .distinct()
            .collect(Collectors.joining(" "));
    return readable.isEmpty() ? NO_TEXT.matcher(words).replaceAll("?").strip() : readable;
  }

  /// `GET /demo/?list-type=2: NoSuchBucket: The specified bucket does not exist`
  private static String xml(MatchResult cited) {
    var answer = cited.group("answer");
    var message = MESSAGE.matcher(answer);
    var detail = DETAIL.matcher(answer);
    return Matcher.quoteReplacement(
        cited.group("request")
            + ": "
            + cited.group("code")
            + (message.find() ? ": " + message.group(1) : "")
            + (detail.find() ? ": " + detail.group() : ""));
  }

  private static String page(MatchResult cited) {
    return Matcher.quoteReplacement(
        cited.group(1) == null ? "answer in HTML" : "answer in HTML: " + cited.group(1).strip());
  }

  private static String json(MatchResult cited) {
    return Matcher.quoteReplacement(cited.group("request") + ": " + cited.group("message"));
  }
}
