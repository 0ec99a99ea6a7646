/// Backups from a standby: pgBackRest's TLS server beside the primary, the certificates of both
/// ends, what fails between them.
@NullMarked
package com.dalibo.pgbackrest.sidecar.standby;

import org.jspecify.annotations.NullMarked;
