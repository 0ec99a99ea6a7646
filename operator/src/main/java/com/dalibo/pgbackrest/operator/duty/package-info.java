/// What only the replica that leads does: election, the duties of the leader, orphaned Backup
/// objects, the announcement of a release.
@NullMarked
package com.dalibo.pgbackrest.operator.duty;

import org.jspecify.annotations.NullMarked;
