/// The plan of a restore: what the restore would choose, how far the WAL goes, what it takes, and
/// the Cluster that does it. Knows no restore; what both decide is in the room of the choice.
@NullMarked
package com.dalibo.pgbackrest.sidecar.plan;

import org.jspecify.annotations.NullMarked;
