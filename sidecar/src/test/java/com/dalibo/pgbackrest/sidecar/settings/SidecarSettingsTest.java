package com.dalibo.pgbackrest.sidecar.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginLogLevel;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SidecarSettingsTest {

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "PLUGIN_ROLE", "instance",
              "POD_NAME", "cluster-demo-1",
              "NAMESPACE", "default",
              "CLUSTER_NAME", "cluster-demo",
              "PGDATA", "/var/lib/postgresql/data/pgdata",
              "KUBERNETES_SERVICE_HOST", "10.43.0.1",
              "KUBERNETES_SERVICE_PORT", "443"));

  @Test
  void whatIsNotSetHasTheValueOfCnpgsPods() {
    var settings = SidecarSettings.from(environment);

    assertThat(settings.mode()).isEqualTo(SidecarMode.INSTANCE);
    assertThat(settings.pgPort()).isEqualTo(5432);
    assertThat(settings.pgSocketDirectory()).isEqualTo(Path.of("/controller/run"));
    assertThat(settings.socket()).isEqualTo(Path.of("/plugins/pgbackrest.dalibo.com"));
    assertThat(settings.program()).isEqualTo(Path.of("/usr/bin/pgbackrest"));
    assertThat(settings.logLevel()).isEqualTo(PluginLogLevel.INFO);
  }

  @Test
  void whatACloudSaysOfTheServiceAccountIsForPgBackRest() {
    environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/backups");
    environment.put("AWS_SECRET_ACCESS_KEY", "not ours");

    assertThat(SidecarSettings.from(environment).cloudIdentity())
        .isEqualTo(Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/backups"));
  }

  @Test
  void anAddressOfSixteenBytesIsBracketed() {
    environment.put("KUBERNETES_SERVICE_HOST", "fd00::1");

    assertThat(SidecarSettings.from(environment).kubernetes())
        .isEqualTo(URI.create("https://[fd00::1]:443"));
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    environment.remove("POD_NAME");
    environment.put("PGPORT", "many");
    environment.put("PLUGIN_ROLE", "witness");
    environment.put("PLUGIN_RUN_DIRECTORY", "run");

    assertThatThrownBy(() -> SidecarSettings.from(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            'PLUGIN_ROLE' is 'witness'; it must be one of [instance, restore, inspection, plan]
            'POD_NAME' is not set; the plugin's operator sets it
            'PGPORT' is 'many'; it must be a port from 1 to 65535
            'PLUGIN_RUN_DIRECTORY' is 'run'; it must be an absolute path\
            """);
  }
}
