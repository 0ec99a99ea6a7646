/// gRPC-java's okhttp transport over the JDK's UNIX domain sockets. Knows nothing of CNPG.
@NullMarked
package com.dalibo.pgbackrest.cnpgi.socket;

import org.jspecify.annotations.NullMarked;
