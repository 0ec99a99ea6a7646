/// What `pgbackrest info` says of stanzas, repositories, backups and archives. Runs nothing.
@NullMarked
package com.dalibo.pgbackrest.info;

import org.jspecify.annotations.NullMarked;
