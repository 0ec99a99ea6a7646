/// Which backup leads to a recovery target, over all repositories. Pure; runs nothing.
@NullMarked
package com.dalibo.pgbackrest.selection;

import org.jspecify.annotations.NullMarked;
