package com.dalibo.pgbackrest.stanza.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.Golden;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WalSourceTest {
  static Stream<Path> cases() {
    return Golden.folders("choosing").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anInstanceFetchesItsWalFromOnePlace(Path folder) throws IOException {
    var json = Documents.one(folder.resolve("cluster.yaml")).toString();
    var cluster = Cluster.parse(json.getBytes(UTF_8));
    var instance = Files.readString(folder.resolve("instance.txt")).strip();

    var store = answer(cluster, instance);

    Golden.matches(folder.resolve("store.txt"), store + "\n");
    Golden.holdsOnly(folder, "cluster.yaml", "instance.txt", "store.txt");
  }

  private static String answer(Cluster cluster, String instance) {
    try {
      return WalSource.choose(cluster, instance)
          .map(reference -> reference.purpose() + " " + reference.stanzaName())
          .orElse("nothing");
    } catch (InvalidStanzaException e) {
      return e.getMessage();
    }
  }
}
