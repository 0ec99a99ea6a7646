/// CNPG-I's WAL.Restore: `archive-get` from which repository, how long, on which timeline, and
/// whether a miss is the end or a gap. Knows no gRPC.
@NullMarked
package com.dalibo.pgbackrest.sidecar.walrestore;

import org.jspecify.annotations.NullMarked;
