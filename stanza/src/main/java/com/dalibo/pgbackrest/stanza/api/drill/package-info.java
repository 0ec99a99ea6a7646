/// Restore drills: what a user asks for, each run, and what it has shown. Knows no Stanza.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.drill;

import org.jspecify.annotations.NullMarked;
