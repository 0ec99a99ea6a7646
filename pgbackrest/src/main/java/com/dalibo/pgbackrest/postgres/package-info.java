/// PostgreSQL's own facts: `pg_control`, names of WAL files, LSNs, timelines and their history
/// files. Knows no pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.postgres;

import org.jspecify.annotations.NullMarked;
