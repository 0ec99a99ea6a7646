/// The kinds of repository and the parts they share. Knows no option of pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.repository;

import org.jspecify.annotations.NullMarked;
