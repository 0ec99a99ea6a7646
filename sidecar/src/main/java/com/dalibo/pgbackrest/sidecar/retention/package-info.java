/// What is removed and when: `expire`, Backup objects whose backup is gone, backups whose object
/// was deleted.
@NullMarked
package com.dalibo.pgbackrest.sidecar.retention;

import org.jspecify.annotations.NullMarked;
