/// Servers for each kind of repository: S3, Google, Azure, SFTP, with faults on demand.
@NullMarked
package com.dalibo.pgbackrest.testbed.store;

import org.jspecify.annotations.NullMarked;
