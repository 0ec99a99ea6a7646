/// What a failure of a store means to whoever wrote the Stanza: a class of rows for each kind of
/// store, and the order in which they are judged. Knows no other package of the sidecar.
@NullMarked
package com.dalibo.pgbackrest.sidecar.remedy;

import org.jspecify.annotations.NullMarked;
