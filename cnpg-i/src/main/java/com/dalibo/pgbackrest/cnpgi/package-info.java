/// Speaks CNPG-I: the plugin server that CNPG and the instance manager connect to, the identity it
/// announces, the shape of a unary call. Knows no pgBackRest and no Stanza.
@NullMarked
package com.dalibo.pgbackrest.cnpgi;

import org.jspecify.annotations.NullMarked;
