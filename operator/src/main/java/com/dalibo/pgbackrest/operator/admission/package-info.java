/// What the ResourceQuotas and LimitRanges of a namespace demand of a container. Knows nothing of
/// pods and their mutation.
@NullMarked
package com.dalibo.pgbackrest.operator.admission;

import org.jspecify.annotations.NullMarked;
