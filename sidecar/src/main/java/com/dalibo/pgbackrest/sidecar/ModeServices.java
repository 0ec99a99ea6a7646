package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import io.grpc.BindableService;
import java.util.List;

/// What a mode of the sidecar adds to the WAL service.
///
/// @param capabilities what CNPG is to know of it
/// @param start starts what runs by itself, once the socket is there
/// @param end ends that
record ModeServices(
    List<PluginCapability.Service.Type> capabilities,
    List<BindableService> services,
    Runnable start,
    Runnable end) {}
