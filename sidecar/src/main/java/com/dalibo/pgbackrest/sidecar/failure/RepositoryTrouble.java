package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What pgBackRest says of a repository it cannot use, for a user who has to do something about it.
public record RepositoryTrouble(Repository repository, String words) {
  private static final Pattern HTTP = Pattern.compile("(?s)\\*\\*\\* Path/Query \\*\\*\\*.*");
  private static final Pattern XML_ANSWER =
      Pattern.compile("(?s).*<Code>(.*?)</Code>.*<Message>(.*?)</Message>.*");
  private static final Pattern JSON_ANSWER =
      Pattern.compile("(?s).*\"(?:message|error_description)\"\\s*:\\s*\"(.*?)\".*");

  /// Errors of TLS are a CryptoError too.
  private static final Pattern TLS = Pattern.compile("certificate|TLS");

  private static final Pattern UNREADABLE =
      Pattern.compile("(?s).*(key/value found outside of section|CryptoError|cipher header).*");

  /// What it means and what helps, as far as that is known, and pgBackRest's words without the
  /// headers of a request and without what is not text.
  public String explained() {
    if (repository.storage() instanceof S3Repository s3 && words.contains("NoSuchBucket")) {
      return "bucket '%s' does not exist at '%s'; create it, or correct 'bucket' in %s of the Stanza: %s"
          .formatted(s3.bucket(), s3.endpoint(), repository.path(), readable());
    }
    if (UNREADABLE.matcher(words).matches() && !TLS.matcher(words).find()) {
      return repository.cipher().isPresent()
          ? ("what it holds cannot be read with the password that cipherConfig.encryptionPass names in %s of"
                  + " the Stanza; put the one it was made with into that Secret, or remove cipherConfig if it is not encrypted")
              .formatted(repository.path())
          : ("what it holds cannot be read; if it is encrypted, add cipherConfig with its encryptionPass in"
                  + " %s of the Stanza")
              .formatted(repository.path());
    }
    return StoreRemedy.of(readable());
  }

  private String readable() {
    var answer = XML_ANSWER.matcher(words);
    var text = HTTP.matcher(words).replaceFirst("");
    if (answer.matches()) {
      text += " " + answer.group(1) + ": " + answer.group(2);
    }
    var json = JSON_ANSWER.matcher(words);
    if (json.matches()) {
      text += " " + json.group(1);
    }
    return text.lines()
        .filter(line -> line.chars().allMatch(c -> c >= ' ' && c != '�'))
        .map(String::strip)
        .distinct()
        .collect(Collectors.joining(" "));
  }
}
