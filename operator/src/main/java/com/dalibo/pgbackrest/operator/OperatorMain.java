package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.HeapTrim;
import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.operator.adoption.Adoptions;
import com.dalibo.pgbackrest.operator.drill.DrillMetrics;
import com.dalibo.pgbackrest.operator.drill.Drills;
import com.dalibo.pgbackrest.operator.injection.SidecarResolver;
import com.dalibo.pgbackrest.operator.inspection.Inspections;
import com.dalibo.pgbackrest.operator.inventory.Informers;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.leader.LeaderTask;
import com.dalibo.pgbackrest.operator.leader.LeaderTask.Trigger;
import com.dalibo.pgbackrest.operator.leader.Leadership;
import com.dalibo.pgbackrest.operator.leader.OrphanedBackups;
import com.dalibo.pgbackrest.operator.leader.ReleaseAnnouncement;
import com.dalibo.pgbackrest.operator.leader.Workers;
import com.dalibo.pgbackrest.operator.permissions.OwnedObjects;
import com.dalibo.pgbackrest.operator.permissions.RoleGrants;
import com.dalibo.pgbackrest.operator.permissions.RoleRefresh;
import com.dalibo.pgbackrest.operator.permissions.SidecarPermissions;
import com.dalibo.pgbackrest.operator.plan.RestorePlans;
import com.dalibo.pgbackrest.operator.status.ClusterEvents;
import com.dalibo.pgbackrest.operator.status.ClusterProblems;
import com.dalibo.pgbackrest.operator.status.ClusterStatusAnswers;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.dalibo.pgbackrest.operator.status.OperatorConditions;
import com.dalibo.pgbackrest.operator.status.ReferredObjectReader;
import com.dalibo.pgbackrest.operator.status.RenderingValidation;
import com.dalibo.pgbackrest.operator.status.Validation;
import com.dalibo.pgbackrest.operator.tls.Certificates;
import com.dalibo.pgbackrest.operator.tls.ClientTrust;
import com.dalibo.pgbackrest.operator.tls.PluginEndpoint;
import com.dalibo.pgbackrest.operator.tls.PluginService;
import com.dalibo.pgbackrest.operator.tls.ServerKey;
import com.dalibo.pgbackrest.operator.tls.TlsSecret;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// The operator of the plugin, put together from its parts.
public final class OperatorMain {

  /// In this order in every release: CNPG keeps the list in the status of each Cluster.
  public static final List<PluginCapability.Service.Type> CAPABILITIES =
      List.of(
          PluginCapability.Service.Type.TYPE_RECONCILER_HOOKS,
          PluginCapability.Service.Type.TYPE_LIFECYCLE_SERVICE,
          PluginCapability.Service.Type.TYPE_INSTANCE_SIDECAR_INJECTION,
          PluginCapability.Service.Type.TYPE_OPERATOR_SERVICE);

  private static final Log LOG = Log.of(OperatorMain.class);

  /// Time for kube-proxy to take this replica out before connections are closed.
  private static final Duration LAST_CALLERS = Duration.ofSeconds(2);

  private static final Duration DRAIN = Duration.ofSeconds(7);

  /// A collection takes about 100 ms with the objects of 1,000 Clusters, and calls of CNPG wait.
  private static final Duration HEAP_LOOK = Duration.ofSeconds(30);

  /// Objects that the leader looks at and writes at the same time. The API server (1.34) reads all
  /// Roles and RoleBindings of a namespace before it lets one be written by whoever may not
  /// escalate, and that read waits up to 100 ms after another write: most of them only wait.
  private static final int WORKERS = 32;

  private OperatorMain() {}

  static void main() throws Exception {
    var settings = OperatorSettings.from(System.getenv());
    Log.setThreshold(settings.logLevel());
    LOG.info("starting", "version", Plugin.version(), "sidecarImage", settings.sidecarImage());
    try (var client = new KubernetesClientBuilder().build()) {
      run(settings, client);
    }
  }

  private static void run(OperatorSettings settings, KubernetesClient client)
      throws IOException, InterruptedException {
    var clock = Clock.systemUTC();
    var stopping = new AtomicBoolean();
    var background = Executors.newVirtualThreadPerTaskExecutor();
    var workers = new Workers(WORKERS);
    var inventory = new Inventory();
    HeapWatch.of(inventory).start();
    HeapTrim.start(HEAP_LOOK);
    var rights = new RoleGrants(new OwnedObjects(client)::apply, clock);
    var events = new ClusterEvents(client, clock, background);
    var service = findService(settings, client);
    var key = new ServerKey(clock);
    var trust = new ClientTrust(clock);

    var certificates = new Certificates(client, clock, service);
    Validation validation = StanzaValidation::problems;
    var problems = new ClusterProblems(inventory, validation, clock);
    var rendering = new RenderingValidation(new ReferredObjectReader(client), clock);
    var conditions =
        new OperatorConditions(
            client, clock, inventory, rendering::problems, events, workers::perform);
    var refresh = new RoleRefresh(client, clock, inventory, rights, events::warn, workers::perform);
    var inspections = new Inspections(client, clock, inventory, settings.sidecarImage());
    var plans = new RestorePlans(client, clock, inventory, settings.sidecarImage());
    var drillMetrics = new DrillMetrics(clock);
    var drills = new Drills(client, clock, inventory, RandomGenerator.getDefault(), drillMetrics);
    var adoptions = new Adoptions(client, clock, inventory);
    var orphans = new OrphanedBackups(client, clock, inventory);
    var announcement =
        new ReleaseAnnouncement(
            client,
            new ReleaseAnnouncement.Installation(
                settings.namespace(),
                settings.deployment(),
                settings.service(),
                settings.podName()));
    var leadership =
        new Leadership(
            client,
            settings.namespace(),
            settings.podName(),
            List.of(
                new LeaderTask(
                    "certificates",
                    Duration.ofMinutes(1),
                    Trigger.TIME_ONLY,
                    certificates::maintain),
                new LeaderTask(
                    "stanza conditions",
                    Duration.ofMinutes(1),
                    Trigger.A_CHANGED_OBJECT,
                    () -> {
                      conditions.write();
                      rendering.keepOnly(inventory.stanzas().keySet());
                    }),
                new LeaderTask(
                    "rights", Duration.ofMinutes(1), Trigger.A_CHANGED_OBJECT, refresh::grant),
                new LeaderTask(
                    "inspections",
                    Duration.ofSeconds(5),
                    Trigger.A_CHANGED_OBJECT,
                    inspections::follow),
                new LeaderTask(
                    "plans", Duration.ofSeconds(5), Trigger.A_CHANGED_OBJECT, plans::follow),
                new LeaderTask(
                    "restore drills",
                    Duration.ofSeconds(5),
                    Trigger.A_CHANGED_OBJECT,
                    drills::follow),
                new LeaderTask(
                    "adopted backups",
                    Duration.ofMinutes(1),
                    Trigger.A_CHANGED_OBJECT,
                    adoptions::follow),
                new LeaderTask(
                    "orphaned backups", Duration.ofMinutes(1), Trigger.TIME_ONLY, orphans::release),
                new LeaderTask(
                    "announcement", Duration.ofSeconds(5), Trigger.TIME_ONLY, announcement::make)));

    var unary = new UnaryCall(GrpcStatus::status);
    var text = new ClusterStatusText(inventory);
    try (var watches = new Informers(client, clock);
        var endpoint =
            PluginEndpoint.start(
                settings.grpcPort(),
                key,
                trust,
                List.of(
                    new IdentityService(CAPABILITIES),
                    new LifecycleService(
                        unary, new SidecarResolver(inventory, settings.sidecarImage())),
                    new ReconcilerHooksService(
                        unary, inventory, rights, problems, events, text, background),
                    new ClusterStatusService(unary, text, new ClusterStatusAnswers(clock))));
        var health =
            HealthEndpoint.start(
                settings.healthPort(),
                new Readiness()
                        .unless("this replica is stopping", () -> !stopping.get())
                        .unless("the Stanzas have not been read yet", inventory::isComplete)
                        .unless("there is no certificate to serve with", key::isPresent)
                        .unless("there is no certificate of a client to trust", trust::isPresent)
                    ::missing,
                drillMetrics::text)) {
      watches.fill(inventory, leadership::objectChanged);
      watches.permissions(
          SidecarPermissions.LABELS,
          object -> {
            if (rights.isChanged(object)) {
              leadership.objectChanged();
            }
          },
          (kind, name) -> {
            if (rights.isRemoved(kind, name)) {
              leadership.objectChanged();
            }
          });
      watches.secret(
          service.namespace(),
          service.serverSecret(),
          secret -> key.present(TlsSecret.identity(secret)));
      watches.secret(
          service.namespace(),
          service.clientSecret(),
          secret -> trust.trust(TlsSecret.certificates(secret)));
      leadership.start();
      awaitEnd();
      LOG.info("stopping", "health", health.port());
      stopping.set(true);
      leadership.close();
      Thread.sleep(LAST_CALLERS);
      endpoint.drain(DRAIN);
    }
    workers.close();
    background.close();
    LOG.info("stopped");
  }

  // The names of the Secrets are the user's choice; they stay the same while the program runs.
  private static PluginService findService(OperatorSettings settings, KubernetesClient client) {
    var found =
        client.services().inNamespace(settings.namespace()).withName(settings.service()).get();
    return PluginService.of(settings.namespace(), settings.service(), Optional.ofNullable(found));
  }

  private static void awaitEnd() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var done = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  try {
                    done.join(Duration.ofSeconds(12));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    asked.await();
  }
}
