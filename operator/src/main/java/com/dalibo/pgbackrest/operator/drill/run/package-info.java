/// One run of a restore drill, step by step: its Cluster is created, restored, checked and removed.
/// Each step is recorded in the objects, so that an operator which takes over continues.
@NullMarked
package com.dalibo.pgbackrest.operator.drill.run;

import org.jspecify.annotations.NullMarked;
