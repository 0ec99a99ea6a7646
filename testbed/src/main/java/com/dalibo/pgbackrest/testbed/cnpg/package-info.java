/// CNPG played: the instance manager, the restore job, pods with the sidecar as a real process,
/// Cluster definitions of each version.
@NullMarked
package com.dalibo.pgbackrest.testbed.cnpg;

import org.jspecify.annotations.NullMarked;
