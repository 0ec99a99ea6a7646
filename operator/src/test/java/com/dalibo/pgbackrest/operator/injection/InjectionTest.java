package com.dalibo.pgbackrest.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.operator.GrpcStatus;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.LifecycleService;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.NotReadyException;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InjectionTest {

  static List<InjectionCase> cases() throws IOException {
    return InjectionCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anObjectBecomesWhatItsFolderSays(InjectionCase injection) throws Exception {
    var outcome = injection.outcome();

    injection.check(outcome);
  }

  @Test
  void nothingIsAnsweredBeforeAllStanzasAreKnown() throws Exception {
    var injection = InjectionCase.named("instance");
    var service =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status), new SidecarResolver(new Inventory(), "image"));

    assertThatThrownBy(() -> service.patch(injection.cluster(), injection.object()))
        .isInstanceOf(NotReadyException.class)
        .hasMessage(
            "the operator of 'pgbackrest.dalibo.com' has not yet read all Stanzas; CNPG will call "
                + "it again");
  }

  @Test
  void aPodWithoutPostgresIsRefused() throws Exception {
    var injection = InjectionCase.named("instance");
    var pod = ByteString.copyFromUtf8("{\"kind\":\"Pod\",\"spec\":{\"containers\":[]}}");
    var service = injection.service();

    assertThatThrownBy(() -> service.patch(injection.cluster(), pod))
        .hasMessage(
            "the pod has no container 'postgres' to put the sidecar beside; use a release of CNPG"
                + " that names it so");
  }

  @Test
  void resourcesAreAlwaysWrittenInTheSameOrder() throws Exception {
    var injection = InjectionCase.named("instance-with-resources");

    var patch =
        withPluginConfig(
            injection,
            """
            {"resourcesRequirement": {
               "ofALaterVersion": true,
               "requests": {"memory": "64Mi", "cpu": 1},
               "limits": {"memory": "128Mi"},
               "claims": [{"request": "large", "name": "gpu"}]}}
            """);

    assertThat(patch)
        .contains(
            "\"resources\":{\"claims\":[{\"name\":\"gpu\",\"request\":\"large\"}],"
                + "\"limits\":{\"memory\":\"128Mi\"},"
                + "\"requests\":{\"cpu\":\"1\",\"memory\":\"64Mi\"}}");
  }

  @Test
  void emptyResourcesAreWrittenAsTheyAre() throws Exception {
    var injection = InjectionCase.named("instance-with-resources");

    assertThat(withPluginConfig(injection, "{\"resourcesRequirement\": {}}"))
        .contains("\"resources\":{},\"livenessProbe\"");
    assertThat(withPluginConfig(injection, "{\"resourcesRequirement\": {\"limits\": {}}}"))
        .contains("\"resources\":{\"limits\":{}},\"livenessProbe\"");
  }

  @Test
  void aPluginConfigThatCannotBeReadIsAnErrorAndNotAnotherSidecar() throws Exception {
    var injection = InjectionCase.named("instance-with-resources");

    assertThatThrownBy(() -> withPluginConfig(injection, "{\"logLevel\": \"loud\"}"))
        .isInstanceOf(InvalidStanzaException.class)
        .hasMessage(
            "the PluginConfig 'sized' cannot be read: spec.logLevel must be one of error, warn,"
                + " info, debug; correct it with kubectl edit pluginconfig");
  }

  private static String withPluginConfig(InjectionCase injection, String spec) throws Exception {
    var inventory = injection.inventory();
    inventory.putPluginConfig(
        new ObjectKey("default", "sized"),
        "{\"metadata\": {\"name\": \"sized\"}, \"spec\": %s}".formatted(spec));
    return new LifecycleService(
            new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory, "sidecar:2"))
        .patch(injection.cluster(), injection.object())
        .toStringUtf8();
  }
}
