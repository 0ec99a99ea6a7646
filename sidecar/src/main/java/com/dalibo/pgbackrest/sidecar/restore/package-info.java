/// CNPG-I's RestoreJobHooks: the choice of a backup, its copy, the recovery settings of PostgreSQL.
/// Knows no gRPC.
@NullMarked
package com.dalibo.pgbackrest.sidecar.restore;

import org.jspecify.annotations.NullMarked;
