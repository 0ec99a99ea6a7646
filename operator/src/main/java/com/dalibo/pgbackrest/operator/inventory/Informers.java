package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The watches on the API server that keep the [Inventory] and the certificates up to date.
public final class Informers implements AutoCloseable {

  /// Objects that the API server is asked for at a time.
  private static final long PAGE = 500;

  /// Pods are large.
  private static final long PAGE_OF_PODS = 100;

  private static final Duration PROBE = Duration.ofMinutes(10);

  private static final String RBAC = "rbac.authorization.k8s.io";

  private static final Log LOG = Log.of(Informers.class);

  /// Would report each retry with a stack trace; [WatchFailures] reports what there is to report.
  private static final Logger LIBRARY =
      Logger.getLogger("io.fabric8.kubernetes.client.informers.impl.cache.Reflector");

  static {
    LIBRARY.setLevel(Level.SEVERE);
  }

  private final KubernetesClient client;
  private final InstantSource clock;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final Duration probe;
  private final ScheduledExecutorService probes =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  public Informers(KubernetesClient client, InstantSource clock) {
    this(client, clock, PROBE);
  }

  /// @param probe how often it is determined whether what was watched may still be read
  Informers(KubernetesClient client, InstantSource clock, Duration probe) {
    this.probe = probe;
    this.client = client;
    this.clock = clock;
  }

  /// Fills the inventory and keeps it filled.
  ///
  /// @param changed called after each change of a Stanza, RestorePlan, RestoreDrill or Cluster
  public void fill(Inventory inventory, Runnable changed) {
    var stanzas =
        watch(
            Kinds.STANZAS,
            (key, stanza) -> {
              inventory.putStanza(key, json(stanza));
              changed.run();
            },
            key -> {
              inventory.removeStanza(key);
              changed.run();
            });
    var pluginConfigs =
        watch(
            Kinds.PLUGIN_CONFIGS,
            (key, config) -> inventory.putPluginConfig(key, json(config)),
            inventory::removePluginConfig);
    var clusters =
        watch(
            Kinds.CLUSTERS,
            (key, cluster) -> {
              inventory.putCluster(key, cluster(cluster));
              changed.run();
            },
            key -> {
              inventory.removeCluster(key);
              changed.run();
            });
    // Nothing waits for these: where the CRD is of an earlier release, there are none.
    var _ =
        watch(
            Kinds.RESTORE_PLANS,
            (key, plan) -> {
              inventory.putRestorePlan(key, json(plan));
              changed.run();
            },
            inventory::removeRestorePlan);
    var drills =
        watch(
            Kinds.RESTORE_DRILLS,
            unlessDeleted(
                (key, drill) -> {
                  inventory.putRestoreDrill(key, json(drill));
                  changed.run();
                },
                inventory::removeRestoreDrill),
            inventory::removeRestoreDrill);
    // Written by the operator itself, which need not be called for what it has done.
    var runs =
        watch(
            Kinds.RESTORE_DRILL_RUNS,
            unlessDeleted(
                (key, run) -> inventory.putRestoreDrillRun(key, json(run)),
                inventory::removeRestoreDrillRun),
            inventory::removeRestoreDrillRun);
    inventory.drillsKnownWhen(() -> drills.hasSynced() && runs.hasSynced());
    // Without them the API server alone decides, so nothing waits for these either.
    var limits = inventory.limits();
    start(
        "resourcequotas",
        "",
        client.resourceQuotas().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        limits::putQuota,
        limits::removeQuota);
    start(
        "limitranges",
        "",
        client.limitRanges().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        limits::putRange,
        limits::removeRange);
    var pods = inventory.pods();
    start(
        "pods",
        "",
        client
            .pods()
            .inAnyNamespace()
            .withLabels(InstancePods.LABELS)
            .withLimit(PAGE_OF_PODS)
            .runnableInformer(0),
        pods::put,
        pods::remove);
    limits.believedWhile(
        listable(
            "resourcequotas", options -> client.resourceQuotas().inAnyNamespace().list(options)),
        listable("limitranges", options -> client.limitRanges().inAnyNamespace().list(options)));
    pods.believedWhile(listable("pods", options -> client.pods().inAnyNamespace().list(options)));
    // Hooks are given their Cluster, so they need not wait for the watch on clusters.
    inventory.completeWhen(() -> stanzas.hasSynced() && pluginConfigs.hasSynced());
    inventory.clustersKnownWhen(clusters::hasSynced);
    LOG.debug("watches started", "watches", informers.size(), "clusters", clusters.hasSynced());
  }

  /// Watches the Roles and RoleBindings that have certain labels.
  ///
  /// @param seen called with each that is there, and again when it has changed
  /// @param gone called with the kind of each that is removed, or has lost the labels
  public void permissions(
      Map<String, String> labels, Consumer<HasMetadata> seen, BiConsumer<String, ObjectKey> gone) {
    var rbac = client.rbac();
    start(
        "roles",
        RBAC,
        rbac.roles().inAnyNamespace().withLabels(labels).withLimit(PAGE).runnableInformer(0),
        (_, role) -> seen.accept(role),
        key -> gone.accept("Role", key));
    start(
        "rolebindings",
        RBAC,
        rbac.roleBindings().inAnyNamespace().withLabels(labels).withLimit(PAGE).runnableInformer(0),
        (_, binding) -> seen.accept(binding),
        key -> gone.accept("RoleBinding", key));
  }

  public void secret(String namespace, String name, Consumer<Secret> seen) {
    start(
        "secrets",
        "",
        client.secrets().inNamespace(namespace).withName(name).runnableInformer(0),
        (_, secret) -> seen.accept(secret),
        key ->
            LOG.warning(
                "a Secret with a certificate is gone; its last content remains in use",
                "secret",
                key));
  }

  private SharedIndexInformer<GenericKubernetesResource> watch(
      ResourceDefinitionContext context,
      BiConsumer<ObjectKey, GenericKubernetesResource> seen,
      Consumer<ObjectKey> gone) {
    return start(
        context.getPlural(),
        context.getGroup(),
        client
            .genericKubernetesResources(context)
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0),
        seen,
        gone);
  }

  private <T extends HasMetadata> SharedIndexInformer<T> start(
      String resource,
      String group,
      SharedIndexInformer<T> informer,
      BiConsumer<ObjectKey, T> seen,
      Consumer<ObjectKey> gone) {
    // What is wanted of an object is kept by who has seen it.
    informer.itemStore(
        new ReducedStateItemStore<>(
            ReducedStateItemStore.NAME_KEY_STATE,
            informer.getApiTypeClass(),
            client.getKubernetesSerialization()));
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            accept(object, seen);
          }

          @Override
          public void onUpdate(T before, T object) {
            accept(object, seen);
          }

          @Override
          public void onDelete(T object, boolean unknown) {
            gone.accept(key(object));
          }
        });
    // Is retried when the kind is not installed yet, not permitted yet, or the API server is away.
    var failures = new WatchFailures(resource, group, clock);
    informer.exceptionHandler(
        (_, failure) -> {
          failures
              .report(failure)
              .ifPresent(
                  cause ->
                      LOG.warning(
                          "a watch failed and is retried", "resource", resource, "cause", cause));
          return true;
        });
    informer.start();
    informers.add(informer);
    return informer;
  }

  /// Whether a kind may still be listed. A watch that has lost its permission goes on trying
  /// without a word, and a quota that was raised since, or a pod that is gone, would be held
  /// against a Cluster for ever.
  private BooleanSupplier listable(String resource, Consumer<ListOptions> list) {
    var refused = new AtomicBoolean();
    var its = new WatchFailures(resource, "", clock);
    var _ =
        probes.scheduleWithFixedDelay(
            () -> refused.set(isRefused(resource, list, its, refused.get())),
            probe.toMillis(),
            probe.toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> !refused.get();
  }

  private static boolean isRefused(
      String resource, Consumer<ListOptions> list, WatchFailures failures, boolean before) {
    try {
      list.accept(new ListOptionsBuilder().withLimit(1L).build());
      return false;
    } catch (RuntimeException e) {
      if (!(e instanceof KubernetesClientException answer)
          || answer.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        // The API server is away; what was heard last is all that there is.
        return before;
      }
      failures
          .report(e)
          .ifPresent(
              cause ->
                  LOG.warning(
                      "what was known of a kind is forgotten",
                      "resource",
                      resource,
                      "cause",
                      cause));
      return true;
    }
  }

  /// What is being deleted is left to Kubernetes.
  private static BiConsumer<ObjectKey, GenericKubernetesResource> unlessDeleted(
      BiConsumer<ObjectKey, GenericKubernetesResource> seen, Consumer<ObjectKey> gone) {
    return (key, object) -> {
      if (object.getMetadata().getDeletionTimestamp() == null) {
        seen.accept(key, object);
      } else {
        gone.accept(key);
      }
    };
  }

  // An exception here would stay in the informer; the object is skipped and said so.
  private static <T extends HasMetadata> void accept(T object, BiConsumer<ObjectKey, T> seen) {
    try {
      object.getMetadata().setManagedFields(List.of());
      seen.accept(key(object), object);
    } catch (RuntimeException e) {
      LOG.error("an object could not be read", e, "kind", object.getKind(), "object", key(object));
    }
  }

  private static ObjectKey key(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  private Cluster cluster(GenericKubernetesResource cluster) {
    return Cluster.parse(json(cluster).getBytes(StandardCharsets.UTF_8));
  }

  private String json(GenericKubernetesResource object) {
    return client.getKubernetesSerialization().asJson(object);
  }

  @Override
  public void close() {
    probes.shutdownNow();
    informers.forEach(SharedIndexInformer::close);
  }
}
