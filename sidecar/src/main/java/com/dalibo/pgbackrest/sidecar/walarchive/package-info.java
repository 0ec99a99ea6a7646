/// CNPG-I's WAL.Archive: a finished WAL file becomes `archive-push` to every repository. Knows no
/// gRPC.
@NullMarked
package com.dalibo.pgbackrest.sidecar.walarchive;

import org.jspecify.annotations.NullMarked;
