/// CNPG-I's Backup: a request becomes `pgbackrest backup`, and a proof that it can be restored.
/// Knows no gRPC.
@NullMarked
package com.dalibo.pgbackrest.sidecar.backup;

import org.jspecify.annotations.NullMarked;
