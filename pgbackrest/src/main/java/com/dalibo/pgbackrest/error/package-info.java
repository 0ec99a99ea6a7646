/// pgBackRest's errors: codes, names, what a failing command said, and what passes by itself. Knows
/// no command.
@NullMarked
package com.dalibo.pgbackrest.error;

import org.jspecify.annotations.NullMarked;
