/// Runs beside PostgreSQL in every instance pod and recovery job: the WAL, backup, restore and
/// metrics services.
@NullMarked
package com.dalibo.pgbackrest.sidecar;

import org.jspecify.annotations.NullMarked;
