/// What goes wrong: the sidecar's exceptions, and the words for any failure. Knows no other package
/// of the sidecar but the remedies.
@NullMarked
package com.dalibo.pgbackrest.sidecar.failure;

import org.jspecify.annotations.NullMarked;
