/// What the ResourceQuotas and LimitRanges of a namespace demand of a container, and whether they
/// have room for it in the running pods of a Cluster. Knows nothing of the mutation of pods.
@NullMarked
package com.dalibo.pgbackrest.operator.admission;

import org.jspecify.annotations.NullMarked;
