/// The environment of the container, the intervals of its loops, its memory limit. Knows no other
/// package of the sidecar.
@NullMarked
package com.dalibo.pgbackrest.sidecar.settings;

import org.jspecify.annotations.NullMarked;
