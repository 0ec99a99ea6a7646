/// Restore drills: when one is due, the Cluster that it restores, what is asked there, and what
/// came of it. Everything is kept in the objects, so that an operator which takes over goes on.
@NullMarked
package com.dalibo.pgbackrest.operator.drill;

import org.jspecify.annotations.NullMarked;
