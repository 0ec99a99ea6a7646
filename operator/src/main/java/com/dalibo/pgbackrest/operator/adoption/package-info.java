/// Adoption: Backup objects for the backups of a Cluster that is gone. Knows no repository.
@NullMarked
package com.dalibo.pgbackrest.operator.adoption;

import org.jspecify.annotations.NullMarked;
