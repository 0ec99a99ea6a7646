/// Real PostgreSQL servers of each major version.
@NullMarked
package com.dalibo.pgbackrest.testbed.postgres;

import org.jspecify.annotations.NullMarked;
