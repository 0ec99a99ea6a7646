/// Where CNPG and pgBackRest meet: the Stanza API, its option tables, and which stanza serves which
/// purpose.
@NullMarked
package com.dalibo.pgbackrest.stanza;

import org.jspecify.annotations.NullMarked;
