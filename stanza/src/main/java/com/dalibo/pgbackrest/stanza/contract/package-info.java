/// What the operator, which writes the sidecar's container, and the sidecar, which runs in it, must
/// agree on: names, paths and variables. Knows nothing of Stanzas.
@NullMarked
package com.dalibo.pgbackrest.stanza.contract;

import org.jspecify.annotations.NullMarked;
