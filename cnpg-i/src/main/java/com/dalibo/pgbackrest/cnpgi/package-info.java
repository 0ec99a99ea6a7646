/// Speaks CNPG: the CNPG-I protocol, its server, and views of the Cluster and Backup objects it
/// carries. Knows no pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.cnpgi;

import org.jspecify.annotations.NullMarked;
