/// The conditions of a Stanza that the operator sees, and problems of Clusters told as events.
@NullMarked
package com.dalibo.pgbackrest.operator.status;

import org.jspecify.annotations.NullMarked;
