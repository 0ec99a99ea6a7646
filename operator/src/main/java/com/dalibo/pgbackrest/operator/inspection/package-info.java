/// Inspections: Jobs that query the repositories of the Stanzas to which no Cluster archives. Knows
/// no repository.
@NullMarked
package com.dalibo.pgbackrest.operator.inspection;

import org.jspecify.annotations.NullMarked;
