/// Plans: a Job for each RestorePlan that says what its restore would do. Knows no repository.
@NullMarked
package com.dalibo.pgbackrest.operator.plan;

import org.jspecify.annotations.NullMarked;
