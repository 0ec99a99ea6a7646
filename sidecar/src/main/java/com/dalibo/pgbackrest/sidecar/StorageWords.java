package com.dalibo.pgbackrest.sidecar;

import java.util.List;
import java.util.regex.Pattern;

/// What a failure of a store means to whoever wrote the Stanza: pgBackRest's words without the
/// headers of the request, and the remedy where the words have only one.
final class StorageWords {

  private static final Pattern HEADERS =
      Pattern.compile("\\*{3} (?:Request|Response) Headers \\*{3}:[^*]*(?=\\*{3} Response)");

  /// What a store tells about the signature of a request helps nobody who wrote a Stanza.
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "<(StringToSign|StringToSignBytes|SignatureProvided|CanonicalRequest|CanonicalRequestBytes)>.*?</\\1>",
          Pattern.DOTALL);

  /// What pgBackRest says of a host with PostgreSQL may have the same words.
  private static final String NO_STORE = "unable to check pg";

  private static final List<Remedy> REMEDIES =
      List.of(
          new Remedy(
              "NoSuchBucket",
              "there is no such bucket at this endpoint: create it, or correct 'bucket' or 'endpoint' in the"
                  + " Stanza"),
          new Remedy(
              "InvalidAccessKeyId",
              "the store does not know this access key id: correct the Secret that"
                  + " 'secretRef.accessKeyId' names"),
          new Remedy(
              "SignatureDoesNotMatch",
              "the secret access key does not belong to the access key id: correct the Secret that"
                  + " 'secretRef.secretAccessKey' names"),
          new Remedy(
              "AuthorizationHeaderMalformed", "correct 'region' of the repository in the Stanza"),
          new Remedy(
              "AccessDenied",
              "these keys may not do that: allow them to list, read, write and delete in this bucket and"
                  + " repoPath, or correct the keys in the Secret"),
          new Remedy(
              "unable to get address for",
              "no such host is known: correct 'endpoint' in the Stanza, or see that the store and DNS run"),
          new Remedy(
              "wrong version number",
              "the store speaks no TLS there: correct the port, or write http:// before the 'endpoint'"),
          new Remedy(
              "unable to verify certificate",
              "give the store's certificate authority in 'caSecretRef' or 'caConfigMapRef'"));

  private StorageWords() {}

  private record Remedy(String sign, String words) {}

  static String of(String words) {
    var headless = HEADERS.matcher(words).replaceAll("");
    var brief = SIGNATURE.matcher(headless).replaceAll("").strip();
    if (brief.contains(NO_STORE)) {
      return brief;
    }
    return REMEDIES.stream()
        .filter(remedy -> brief.contains(remedy.sign()))
        .findFirst()
        .map(remedy -> brief + "; remedy: " + remedy.words())
        .orElse(brief);
  }
}
