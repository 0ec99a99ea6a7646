package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.config.ConfigurationFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.OptionVersions;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.RenderedConfiguration;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// Reads a Stanza and its Secrets, renders them and writes pgBackRest's configuration: one file for
/// the stanza and one for each of its repositories alone.
public final class StanzaOpener {

  private static final Log log = Log.named("stanza");

  private final SidecarSettings settings;
  private final StanzaClient stanzas;
  private final ProgramRunner runner;
  private final ProcessBound processes;

  /// Of the program; zero until it is needed, as asking takes a process.
  private volatile int version;

  public StanzaOpener(
      SidecarSettings settings,
      StanzaClient stanzas,
      ProgramRunner runner,
      ProcessBound processes) {
    this.settings = settings;
    this.stanzas = stanzas;
    this.runner = runner;
    this.processes = processes;
  }

  Stanza read(Cluster cluster, StanzaReference reference)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    return stanzas.get(namespace(cluster), reference.stanzaName());
  }

  StanzaSession open(Cluster cluster, StanzaReference reference)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    var stanza = read(cluster, reference);
    var identifier = systemIdentifier();
    var repositories =
        reference.selectedRepository().isPresent()
            ? List.of(Repositories.select(stanza, reference.selectedRepository().get()))
            : Repositories.of(stanza.spec());
    var name =
        "%s-%s"
            .formatted(
                reference.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                reference.stanzaName());
    return session(
        stanza,
        repositories,
        reference.purpose(),
        identifier,
        name,
        archive(cluster.uid(), stanza, identifier),
        rendered -> forCluster(cluster, stanza, rendered));
  }

  /// Without a Cluster, for those who only read.
  public StanzaSession openAlone(Stanza stanza)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    var identifier = systemIdentifier();
    return session(
        stanza,
        Repositories.of(stanza.spec()),
        StanzaPurpose.RECOVERY,
        identifier,
        "inspection-" + stanza.name(),
        archive("", stanza, identifier),
        rendered -> rendered);
  }

  private StanzaSession session(
      Stanza stanza,
      List<Repository> repositories,
      StanzaPurpose purpose,
      OptionalLong identifier,
      String name,
      String spool,
      UnaryOperator<RenderedConfiguration> adapted)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    var paths = paths(spool, settings.runDirectory().resolve(name));
    var rendered = of(repositories, adapted.apply(Rendering.configuration(stanza, stanzas, paths)));
    requireVersion(stanza, rendered.configuration());
    var all = settings.runDirectory().resolve(name + ".conf");
    rendered.write(all);
    Map<Integer, PgBackRest> each = new HashMap<>();
    for (var repository : repositories) {
      var one = rendered.configuration().only(repository.index());
      var file =
          settings.runDirectory().resolve("%s-repo%d.conf".formatted(name, repository.index()));
      ConfigurationFile.write(file, one);
      each.put(repository.index(), pgBackRest(file, one));
    }
    return new StanzaSession(
        purpose,
        stanza,
        repositories,
        rendered,
        identifier,
        pgBackRest(all, rendered.configuration()),
        Map.copyOf(each));
  }

  /// A recovery that is to use one repository finds there whatever pgBackRest is asked.
  private static RenderedConfiguration of(
      List<Repository> repositories, RenderedConfiguration rendered) {
    var only = repositories.getFirst().index();
    return repositories.size() == 1 && rendered.configuration().repositories().contains(only)
        ? new RenderedConfiguration(rendered.configuration().only(only), rendered.files())
        : rendered;
  }

  /// An option that the program lacks would be a warning in its log, and no more.
  private void requireVersion(Stanza stanza, Configuration configuration)
      throws InvalidStanzaException, InterruptedException {
    if (!OptionVersions.isAnyIn(stanza)) {
      return;
    }
    try {
      if (version == 0) {
        var file = settings.runDirectory().resolve("none.conf");
        version = pgBackRest(file, configuration).version();
      }
      var problems = OptionVersions.problems(stanza, version);
      if (!problems.isEmpty()) {
        throw new InvalidStanzaException(problems);
      }
    } catch (PgBackRestException unknown) {
      // A program that cannot say its version says why at its work.
      log.warning("the version of pgBackRest is unknown", "cause", unknown.getMessage());
    }
  }

  /// In a replica cluster every instance archives (`archive_mode` is `always`), and each segment is
  /// there already when the next one comes with it: nothing to warn of.
  private RenderedConfiguration forCluster(
      Cluster cluster, Stanza stanza, RenderedConfiguration rendered) {
    var bounded = processes.apply(cluster, stanza, rendered.configuration());
    return new RenderedConfiguration(
        cluster.isReplica() ? bounded.with("archive-mode-check", "n") : bounded, rendered.files());
  }

  private PgBackRest pgBackRest(Path file, Configuration configuration) {
    return new PgBackRest(settings.program(), runner, file, configuration.stanza());
  }

  private InstancePaths paths(String spool, Path filesDirectory) throws IOException {
    return new InstancePaths(
        settings.pgData(),
        settings.pgSocketDirectory(),
        settings.pgPort(),
        directory(settings.workDirectory().resolve("lock")),
        directory(settings.workDirectory().resolve("spool").resolve(spool)),
        directory(filesDirectory),
        settings.volumesDirectory());
  }

  /// What the asynchronous archiver's marks are about. A mark left by another archive, or another
  /// PostgreSQL, would be a success that never was.
  private static String archive(String cluster, Stanza stanza, OptionalLong identifier) {
    var repositories =
        RepositoryIdentity.all(stanza).stream().map(RepositoryIdentity::toString).sorted().toList();
    var about =
        List.of(
            cluster,
            Objects.toString(stanza.metadata().uid()),
            repositories.toString(),
            identifier.toString());
    return Fingerprint.of(about.toString());
  }

  private OptionalLong systemIdentifier() throws IOException {
    return Files.exists(settings.pgData().resolve("global/pg_control"))
        ? OptionalLong.of(ControlFile.read(settings.pgData()).systemIdentifier())
        : OptionalLong.empty();
  }

  /// A Cluster refers to objects beside it.
  private String namespace(Cluster cluster) {
    return cluster.namespace().isEmpty() ? settings.namespace() : cluster.namespace();
  }

  private static Path directory(Path path) throws IOException {
    return Files.createDirectories(path);
  }
}
