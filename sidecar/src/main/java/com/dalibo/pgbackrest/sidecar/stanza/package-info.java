/// pgBackRest's stanza: `stanza-create`, `stanza-upgrade`, and a stanza whose creation was
/// interrupted.
@NullMarked
package com.dalibo.pgbackrest.sidecar.stanza;

import org.jspecify.annotations.NullMarked;
