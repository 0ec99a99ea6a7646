package com.dalibo.pgbackrest.stanza.rendering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.Golden;
import com.dalibo.pgbackrest.stanza.StoredSecrets;
import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderingTest {
  static final InstancePaths PATHS =
      new InstancePaths(
          Path.of("/var/lib/postgresql/data/pgdata"),
          Path.of("/controller/run"),
          5432,
          Path.of("/controller/tmp/pgbackrest-plugin/lock"),
          Path.of("/controller/tmp/pgbackrest-plugin/spool"),
          Path.of("/run/pgbackrest-plugin"),
          InstancePaths.VOLUMES);

  private static final String S3 =
      """
      name: main
      s3Repositories:
        - bucket: demo
          endpoint: s3
          region: r
          repoPath: /demo
          secretRef:
            accessKeyId: {name: keys, key: id}
            secretAccessKey: {name: keys, key: secret}
      """;

  static Stream<Path> cases() {
    return Golden.folders("rendering").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aStanzaBecomesAConfiguration(Path folder) throws Exception {
    var stanza =
        ApiReader.strict().read(Documents.one(folder.resolve("stanza.yaml")), Stanza.class);
    var secrets = StoredSecrets.of(folder.resolve("secrets.yaml"));

    var rendered = Rendering.configuration(stanza, secrets, PATHS);

    Golden.matches(folder.resolve("pgbackrest.conf"), text(rendered));
    Golden.holdsOnly(folder, "stanza.yaml", "secrets.yaml", "pgbackrest.conf");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | false
          options: {"backup:process-max": "2"}        | false
          options: {"restore:process-max": "2"}       | true
          customEnvVar: {PGBACKREST_PROCESS_MAX: "4"} | true
          processMax: 1                        | true
          """)
  void theUserMaySayHowManyProcessesRestore(String setting, boolean says) {
    var stanza = Documents.stanza(S3 + setting + "\n");

    assertThat(Rendering.saysProcesses(stanza, "restore")).isEqualTo(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | zst
          compressConfig: {}                   | zst
          compressConfig: {type: gz}           | gz
          compressConfig: {level: 9}           | ''
          options: {"backup:compress-level": "3"} | ''
          """)
  void compressionIsZstWhereTheStanzaSaysNothingOfIt(String setting, String type) throws Exception {
    var stanza = Documents.stanza(S3 + setting + "\n");

    assertThat(
            Rendering.configuration(stanza, keys("id", "a", "secret"), PATHS)
                .configuration()
                .global("compress-type")
                .orElse(""))
        .isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                       | y
          '    bundle: true'                       | y
          '    bundle: false'                      | n
          'customEnvVar: {PGBACKREST_REPO1_BUNDLE: "n"}' | n
          'options: {repo1-bundle-size: 40MiB}'    | y
          """)
  void aRepositoryIsBundledWhereTheStanzaSaysNothingOfIt(String setting, String bundle)
      throws Exception {
    var stanza = Documents.stanza(S3 + setting + "\n");

    assertThat(
            Rendering.configuration(stanza, keys("id", "a", "secret"), PATHS)
                .configuration()
                .global("repo1-bundle"))
        .contains(bundle);
  }

  @Test
  void aMissingSecretIsNamedWithTheWayToIt() {
    var nothing = StoredSecrets.of(List.of());

    assertThatThrownBy(() -> Rendering.configuration(Documents.stanza(S3), nothing, PATHS))
        .isInstanceOf(InvalidStanzaException.class)
        .hasMessage(
            "secret 'keys' does not exist in namespace 'app'; the Stanza 'sample' refers to it in"
                + " s3Repositories[0].secretRef.accessKeyId; create it or correct the reference; and"
                + " secret 'keys' does not exist in namespace 'app'; the Stanza 'sample' refers to it in"
                + " s3Repositories[0].secretRef.secretAccessKey; create it or correct the reference");
  }

  @Test
  void aMissingKeyIsNamedWithTheWayToIt() {
    var secrets = keys("id", "key");

    assertThatThrownBy(() -> Rendering.configuration(Documents.stanza(S3), secrets, PATHS))
        .hasMessage(
            "secret 'keys' has no key 'secret'; the Stanza 'sample' refers to it in"
                + " s3Repositories[0].secretRef.secretAccessKey; add the key or correct the reference");
  }

  @Test
  void aLineBreakAtTheEndOfAKeyIsDropped() throws Exception {
    var secrets = keys("id\\n", "secret\\r\\n", "secret");

    var rendered = Rendering.configuration(Documents.stanza(S3), secrets, PATHS);

    assertThat(rendered.configuration().render()).contains("repo1-s3-key-secret=secret\n");
  }

  @Test
  void aPassphraseWithALineBreakIsRefusedBecauseItCouldBePartOfIt() {
    var stanza =
        Documents.stanza(S3 + "    cipherConfig: {encryptionPass: {name: keys, key: pass}}\n");
    var secrets =
        StoredSecrets.of(
            Documents.parse(
                "{kind: Secret, metadata: {name: keys}, stringData: {id: a, secret: b, pass: \"c\\n\"}}"));

    assertThatThrownBy(() -> Rendering.configuration(stanza, secrets, PATHS))
        .hasMessage(
            "the value of key 'pass' of secret 'keys' is empty, has white space at an end, or a"
                + " character that it cannot have, such as a line break or a no-break space; the Stanza"
                + " 'sample' refers to it in s3Repositories[0].cipherConfig.encryptionPass; store it"
                + " without, for example with kubectl create secret --from-literal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"se\\u00a0cret", "\\ufeffsecret", "se\\tcret", ""})
  void aKeyWithACharacterThatNoKeyHasIsRefusedWithoutBeingShown(String key) {
    assertThatThrownBy(
            () -> Rendering.configuration(Documents.stanza(S3), keys("id", key, "secret"), PATHS))
        .hasMessage(
            "the value of key 'secret' of secret 'keys' is empty, has white space at an end, or a"
                + " character that it cannot have, such as a line break or a no-break space; the Stanza"
                + " 'sample' refers to it in s3Repositories[0].secretRef.secretAccessKey; store it"
                + " without, for example with kubectl create secret --from-literal");
  }

  /// MinIO and Ceph take any key that a user makes up.
  @ParameterizedTest
  @CsvSource({"se cret, se cret", "secr\\u00e9t, secr\u00e9t"})
  void aKeyThatAUserMadeUpIsTakenAsItIs(String written, String key) throws Exception {
    assertThat(
            Rendering.configuration(Documents.stanza(S3), keys("id", written, "secret"), PATHS)
                .configuration()
                .render())
        .contains("repo1-s3-key-secret=" + key + "\n");
  }

  @Test
  void aTokenInPlaceOfAKeyFileIsRefusedWithoutBeingShown() {
    var stanza =
        Documents.stanza(
            """
            name: main
            gcsRepositories: [{bucket: b, repoPath: /r, secretRef: {keyReference: {name: keys, key: k}}}]
            """);
    var secrets =
        StoredSecrets.of(
            Documents.parse(
                "{kind: Secret, metadata: {name: keys}, stringData: {k: ya29.hidden}}"));

    assertThatThrownBy(() -> Rendering.configuration(stanza, secrets, PATHS))
        .hasMessage(
            "the value of key 'k' of secret 'keys' is not the key file of a service account, in JSON"
                + " with [client_email, private_key, token_uri]; the Stanza 'sample' refers to it in"
                + " gcsRepositories[0].secretRef.keyReference; store the file as Google issues it, or"
                + " set keyType 'token' if it is a token");
  }

  @Test
  void whatIsWrittenIsForOurUserOnly(@TempDir Path directory) throws Exception {
    var paths =
        new InstancePaths(directory, directory, 5432, directory, directory, directory, directory);
    var stanza = Documents.stanza(S3 + "    caSecretRef: {name: keys, key: id}\n");
    var rendered = Rendering.configuration(stanza, keys("a", "b", "secret"), paths);

    rendered.write(directory.resolve("pgbackrest.conf"));

    assertThat(modes(directory))
        .containsExactly("pgbackrest.conf rw-------", "sample.repo1-storage-ca-file rw-------");
  }

  @Test
  void secretsDoNotShow() throws Exception {
    var rendered =
        Rendering.configuration(
            Documents.stanza(S3), keys("visible-id", "hidden", "secret"), PATHS);

    assertThat(rendered.toString()).doesNotContain("hidden").doesNotContain("visible-id");
  }

  private static StoredSecrets keys(String id, String secret, String keyOfSecret) {
    return StoredSecrets.of(
        Documents.parse(
            "{kind: Secret, metadata: {name: keys}, stringData: {id: \"%s\", %s: \"%s\"}}"
                .formatted(id, keyOfSecret, secret)));
  }

  private static StoredSecrets keys(String id, String keyOfSecret) {
    return keys(id, "value", keyOfSecret);
  }

  private static List<String> modes(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.sorted().map(file -> file.getFileName() + " " + mode(file)).toList();
    }
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String text(RenderedConfiguration rendered) {
    var text = new StringBuilder(rendered.configuration().render());
    new TreeMap<>(rendered.files())
        .forEach(
            (file, content) ->
                text.append("\n# ").append(file).append('\n').append(new String(content, UTF_8)));
    return text.toString();
  }
}
