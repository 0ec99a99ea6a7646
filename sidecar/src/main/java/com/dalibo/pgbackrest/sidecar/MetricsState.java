package com.dalibo.pgbackrest.sidecar;

import java.time.Instant;
import java.util.Optional;

/// Everything the metrics are computed from, at one moment.
///
/// @param observation empty until the repositories have been asked for the first time, and where
///   this is not the primary
record MetricsState(
    Optional<Observation> observation,
    Optional<Instant> lastFailedBackup,
    ArchiveRecord.Counts archive,
    WaitingWal waiting,
    Instant now) {}
