/// Restore drills: when one is due, which run is created, and what the runs have shown. Everything
/// is kept in the objects, so that an operator which takes over continues.
@NullMarked
package com.dalibo.pgbackrest.operator.drill;

import org.jspecify.annotations.NullMarked;
