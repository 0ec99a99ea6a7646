package com.dalibo.pgbackrest.operator.tls;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.tls.SelfSignedCertificate.Purpose;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the certificates of both ends of the connection and renews them at two thirds of their
/// life.
///
/// A Secret without our label belongs to someone else, such as cert-manager, and is only read.
public final class Certificates {

  static final String LABEL = "pgbackrest.dalibo.com/certificate";

  private static final Duration RENEWED_BEFORE_END = SelfSignedCertificate.LIFE.dividedBy(3);
  private static final Log LOG = Log.of(Certificates.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final PluginService service;

  public Certificates(KubernetesClient client, InstantSource clock, PluginService service) {
    this.client = client;
    this.clock = clock;
    this.service = service;
  }

  public void maintain() {
    maintain(Purpose.SERVER, service.serverSecret(), service.names());
    maintain(Purpose.CLIENT, service.clientSecret(), List.of(service.name() + "-client"));
  }

  private void maintain(Purpose purpose, String name, List<String> names) {
    var secrets = client.secrets().inNamespace(service.namespace());
    var present = Optional.ofNullable(secrets.withName(name).get());
    switch (next(present, purpose, names, clock.instant())) {
      case Step.Keep _ -> {}
      case Step.Foreign foreign -> LOG.debug(foreign.reason(), "secret", name);
      case Step.Write write -> {
        var secret = secret(name, purpose, write.identity(), present);
        if (present.isPresent()) {
          secrets.resource(secret).update();
        } else {
          secrets.resource(secret).create();
        }
        LOG.info(write.reason(), "secret", name, "certificate", write.identity());
      }
    }
  }

  /// What is to be done about one Secret.
  sealed interface Step {
    record Keep() implements Step {}

    record Foreign(String reason) implements Step {}

    record Write(TlsIdentity identity, String reason) implements Step {}
  }

  static Step next(Optional<Secret> present, Purpose purpose, List<String> names, Instant now) {
    if (present.isEmpty()) {
      return new Step.Write(
          SelfSignedCertificate.certificate(purpose, names, now), "made a certificate");
    }
    var secret = present.get();
    var labels = Optional.ofNullable(secret.getMetadata().getLabels()).orElse(Map.of());
    if (!labels.containsKey(LABEL)) {
      return new Step.Foreign("the certificate is managed by another controller");
    }
    try {
      var identity = TlsSecret.identity(secret);
      var end = identity.leaf().getNotAfter().toInstant();
      if (now.isBefore(end.minus(RENEWED_BEFORE_END)) && isFor(identity, names)) {
        return new Step.Keep();
      }
      return new Step.Write(renewed(purpose, names, identity, now), "renewed a certificate");
    } catch (IllegalArgumentException e) {
      return new Step.Write(
          SelfSignedCertificate.certificate(purpose, names, now),
          "replaced a certificate that could not be read: " + e.getMessage());
    }
  }

  /// The server's old certificate stays beside the new one, so that who reads the Secret trusts
  /// both while we change over.
  private static TlsIdentity renewed(
      Purpose purpose, List<String> names, TlsIdentity old, Instant now) {
    var fresh = SelfSignedCertificate.certificate(purpose, names, now);
    if (purpose == Purpose.CLIENT || now.isAfter(old.leaf().getNotAfter().toInstant())) {
      return fresh;
    }
    var both = new ArrayList<>(fresh.certificates());
    both.add(old.leaf());
    return new TlsIdentity(fresh.key(), both);
  }

  private static boolean isFor(TlsIdentity identity, List<String> names) {
    return TlsSecret.dnsNames(identity.leaf()).containsAll(names);
  }

  private Secret secret(
      String name, Purpose purpose, TlsIdentity identity, Optional<Secret> present) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(service.namespace())
        .withResourceVersion(
            present.map(secret -> secret.getMetadata().getResourceVersion()).orElse(null))
        .addToLabels(LABEL, purpose.label())
        .addToLabels("app.kubernetes.io/managed-by", Plugin.CONTROLLER)
        .addToLabels("app.kubernetes.io/name", "pgbackrest")
        .endMetadata()
        .withType("kubernetes.io/tls")
        .addToData("tls.crt", encoded(identity.certificatesPem()))
        .addToData("tls.key", encoded(identity.keyPem()))
        .build();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
