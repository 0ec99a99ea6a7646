/// The API `pgbackrest.dalibo.com/v1` as records: the Stanza and its parts, how they are read and
/// written, what is wrong with one. Knows no option of pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.stanza.api;

import org.jspecify.annotations.NullMarked;
