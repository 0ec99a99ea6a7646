/// A Stanza opened: read, rendered, on disk, cached, and tried again when a key has changed.
@NullMarked
package com.dalibo.pgbackrest.sidecar.session;

import org.jspecify.annotations.NullMarked;
