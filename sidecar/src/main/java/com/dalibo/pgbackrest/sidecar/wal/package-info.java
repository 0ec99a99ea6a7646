/// WAL as facts: what a repository has, lacks and retains, and what PostgreSQL still holds.
@NullMarked
package com.dalibo.pgbackrest.sidecar.wal;

import org.jspecify.annotations.NullMarked;
