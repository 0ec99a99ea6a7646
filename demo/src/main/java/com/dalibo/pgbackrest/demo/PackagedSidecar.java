package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The sidecar as it is in the image, and what its start is compared with.
///
/// @param flags of its Java machine, start cache included
record PackagedSidecar(Path java, List<String> flags) {
  static PackagedSidecar of(ImageRuntime runtime) {
    List<String> flags = new ArrayList<>(SidecarProcess.IMAGE_FLAGS);
    flags.add(runtime.useOfCache());
    return new PackagedSidecar(runtime.java(), List.copyOf(flags));
  }

  /// The flags of each, by what it is; the packaged one first.
  Map<String, List<String>> variants() {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put("sidecar as in the image, with start cache", flags);
    variants.put("same without start cache", SidecarProcess.IMAGE_FLAGS);
    variants.put("same jar and runtime, JVM defaults", List.of());
    return variants;
  }
}
