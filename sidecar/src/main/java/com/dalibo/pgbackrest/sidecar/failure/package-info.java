/// What goes wrong: the sidecar's exceptions, the words for any failure, and what a store's failure
/// means. Knows no other package of the sidecar.
@NullMarked
package com.dalibo.pgbackrest.sidecar.failure;

import org.jspecify.annotations.NullMarked;
