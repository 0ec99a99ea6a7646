/// How long a request for WAL is retried where the archive does not answer, and who is told that
/// PostgreSQL waits. Knows neither repositories nor gRPC.
@NullMarked
package com.dalibo.pgbackrest.sidecar.walretry;

import org.jspecify.annotations.NullMarked;
