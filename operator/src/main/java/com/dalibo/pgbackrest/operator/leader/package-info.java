/// What only the replica that leads does: election, the tasks of the leader, orphaned Backup
/// objects, the announcement of a release.
@NullMarked
package com.dalibo.pgbackrest.operator.leader;

import org.jspecify.annotations.NullMarked;
