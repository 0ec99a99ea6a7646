/// What a recovery starts from and whether its target can be reached, decided before anything is
/// copied: for the restore that does it, and for the plan that only says it. Writes nothing.
@NullMarked
package com.dalibo.pgbackrest.sidecar.choice;

import org.jspecify.annotations.NullMarked;
