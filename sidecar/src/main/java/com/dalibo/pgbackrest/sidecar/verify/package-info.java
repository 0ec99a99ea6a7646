/// `pgbackrest verify`: when, how long, and what was found.
@NullMarked
package com.dalibo.pgbackrest.sidecar.verify;

import org.jspecify.annotations.NullMarked;
