package com.dalibo.pgbackrest.sidecar.failure;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a failure of a store means to whoever wrote the Stanza: pgBackRest's words without the
/// headers of the request, and the remedy where the words have only one.
public final class StoreRemedy {

  private static final Pattern HEADERS =
      Pattern.compile("\\*{3} (?:Request|Response) Headers \\*{3}:[^*]*(?=\\*{3} Response)");

  /// A request and the answer of an S3 store in XML, as pgBackRest cites them, with what it cites
  /// after that of the same repository: other tries of the same, cut where lines repeat.
  private static final Pattern EXCHANGE =
      Pattern.compile(
          "\\*{3} Path/Query \\*{3}:\\s*(?<request>\\S+ \\S+)\\s(?<answer>(?:(?!\\*{3} Path/Query|</Error>)[\\s\\S])*"
              + "<Code>(?<code>[^<]*)</Code>(?:(?!</Error>)[\\s\\S])*</Error>)"
              + "(?:(?!\\s*(?:; )?HINT: |; remedy: |\\s*repo\\d+: \\[)[\\s\\S])*");

  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

  /// What was to be decrypted is cited to the end of its line, which it may not have.
  private static final Pattern CITED =
      Pattern.compile(
          "(key/value found outside of section at line \\d+):(?:(?!\\s*(?:; )?HINT: ).)*");

  /// What a store tells about a request and its signature helps nobody who wrote a Stanza, and
  /// makes the same trouble look new each time.
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "<(RequestId|HostId|StringToSign|StringToSignBytes|SignatureProvided|CanonicalRequest|CanonicalRequestBytes)>.*?</\\1>",
          Pattern.DOTALL);

  /// What pgBackRest says of a host with PostgreSQL may have the same words.
  private static final String NO_STORE = "unable to check pg";

  public static final String REMEDY = "; remedy: ";

  /// What cannot be decrypted is cited as it is.
  private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cn}\\uFFFD&&[^\\n\\t]]+");

  private static final String OTHER_PASSWORD =
      "what the repository holds was not encrypted with the password that the Stanza gives, or is not"
          + " encrypted: correct the Secret that 'cipherConfig.encryptionPass' names, or 'cipherConfig'";

  private static final Pattern INFO_IS_GONE =
      Pattern.compile(
          "unable to open missing file '[^']*?((?:archive|backup)/[^/']+/(?:archive|backup)\\.info)\\.copy'");

  /// Hints for a server on which somebody types commands.
  private static final Pattern NO_HELP =
      Pattern.compile(
          "(?:HINT: )?(?:is archive_command configured correctly in postgresql\\.conf\\?"
              + "|has a stanza-create been performed\\?"
              + "|use --no-archive-check to disable archive checks during backup if you have an alternate"
              + " archiving scheme\\.)\\s*");

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
              "ContainerNotFound",
              "there is no such container in this account: create it, or correct 'container', 'account' or"
                  + " 'endpoint' in the Stanza"),
          new Remedy(
              "AuthorizationFailure",
              "the key does not belong to the account, or may not do that: correct 'account' in the Stanza,"
                  + " or the Secret that 'secretRef.keyReference' names"),
          new Remedy(
              "AuthenticationFailed",
              "the key or the shared access signature is not good for this account, or has run out: correct"
                  + " 'account' or 'keyType' in the Stanza, or the Secret that 'secretRef.keyReference' names"),
          new Remedy(
              "The specified bucket does not exist",
              "there is no such bucket: create it, or correct 'bucket' in the Stanza"),
          new Remedy(
              "invalid_grant",
              "Google does not know this key of the service account (any more): put a key file that is"
                  + " valid into the Secret that 'secretRef.keyReference' names"),
          new Remedy(
              "Invalid Credentials",
              "the token is not good, or has run out: put a new one into the Secret that"
                  + " 'secretRef.keyReference' names, or use the key file of a service account"),
          new Remedy("key/value found outside of section", OTHER_PASSWORD),
          new Remedy("cipher header invalid", OTHER_PASSWORD),
          new Remedy(
              "AuthorizationHeaderMalformed", "correct 'region' of the repository in the Stanza"),
          new Remedy(
              "AccessDenied",
              "these keys may not do that: allow them to list, read, write and delete in this bucket and"
                  + " repoPath, or correct the keys in the Secret"),
          new Remedy(
              "sftp error [3] permission denied",
              "let the user with whom the SFTP server is entered read and write the directory 'repoPath'"
                  + " there, or correct 'repoPath' in the Stanza"),
          new Remedy(
              "known hosts failure",
              "the server does not show a key that 'knownHosts' in the Stanza has for it: correct the line,"
                  + " as ssh-keyscan prints it, after you know that the key is the server's"),
          new Remedy(
              "configured fingerprint",
              "the server does not show the key of 'hostFingerprint' in the Stanza: correct it after you"
                  + " know that the key is the server's"),
          new Remedy(
              "public key authentication failed: libssh2 error [-16]",
              "the private key cannot be read with this passphrase: correct the Secret that"
                  + " 'secretRef.privateKey' or 'secretRef.passphrase' names"),
          new Remedy(
              "public key authentication failed",
              "correct 'user' in the Stanza, or the key or passphrase in the Secret that 'secretRef' names;"
                  + " the server's log tells which, and its authorized_keys needs the public key"),
          new Remedy(
              "unable to create path",
              "the volume is not mounted in this pod or may not be written: a claim that the Stanza named only"
                  + " after the pod was started is mounted when the pod is started anew; else let the user"
                  + " that PostgreSQL runs as write there"),
          new Remedy(
              "[13] Permission denied",
              "let the user that PostgreSQL runs as read and write the directory of the repository: correct"
                  + " its owner or mode on the volume"),
          new Remedy(
              "No space left on device", "the volume is full: enlarge it, or keep fewer backups"),
          new Remedy(
              "unable to get address for",
              "no such host is known: correct 'endpoint' in the Stanza, or see that the store and DNS run"),
          new Remedy(
              "unable to connect to",
              "see that the store runs and lets this pod in (network policies, firewalls), or correct its"
                  + " host or port in the Stanza"),
          new Remedy(
              "wrong version number",
              "the store speaks no TLS there: correct the port, or write http:// before the 'endpoint'"),
          new Remedy(
              "unable to verify certificate",
              "give the store's certificate authority in 'caSecretRef' or 'caConfigMapRef'"));

  private StoreRemedy() {}

  private static String putBack(String file) {
    return "'%s' and its copy are not in the repository: correct 'repoPath' in the Stanza if it is elsewhere; if they were deleted, bring them back from an earlier version in the store, or give this repository another 'repoPath' and take a full backup"
        .formatted(file);
  }

  private record Remedy(String sign, String words) {}

  /// With the remedy, unless the words have one already.
  public static String of(String words) {
    var brief = brief(words);
    if (brief.contains(NO_STORE) || brief.contains(REMEDY)) {
      return brief;
    }
    var gone = INFO_IS_GONE.matcher(brief);
    if (gone.find()) {
      return brief + REMEDY + putBack(gone.group(1));
    }
    return REMEDIES.stream()
        .filter(remedy -> brief.contains(remedy.sign()))
        .findFirst()
        .map(remedy -> brief + REMEDY + remedy.words())
        .orElse(brief);
  }

  private static String brief(String words) {
    var headless = HEADERS.matcher(words).replaceAll("");
    var answered = EXCHANGE.matcher(headless).replaceAll(StoreRemedy::exchange);
    var unsigned = SIGNATURE.matcher(answered).replaceAll("").strip();
    var helpful = NO_HELP.matcher(unsigned).replaceAll("").strip();
    var readable = CITED.matcher(helpful).replaceAll("$1");
    return NO_TEXT.matcher(readable).replaceAll("?");
  }

  /// `GET /demo/?list-type=2: NoSuchBucket: The specified bucket does not exist`
  private static String exchange(MatchResult cited) {
    var message = MESSAGE.matcher(cited.group("answer"));
    return Matcher.quoteReplacement(
        cited.group("request")
            + ": "
            + cited.group("code")
            + (message.find() ? ": " + message.group(1) : ""));
  }
}
