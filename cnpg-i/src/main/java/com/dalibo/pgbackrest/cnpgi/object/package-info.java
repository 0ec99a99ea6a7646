/// Views of CNPG's objects as they arrive in requests: only the fields that are read. Knows no gRPC
/// and no pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.cnpgi.object;

import org.jspecify.annotations.NullMarked;
