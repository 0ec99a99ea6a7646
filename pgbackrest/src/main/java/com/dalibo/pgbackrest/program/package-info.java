/// Speaks pgBackRest: configuration file, commands, process, info JSON, error codes. Knows no
/// Kubernetes and no gRPC.
@NullMarked
package com.dalibo.pgbackrest.program;

import org.jspecify.annotations.NullMarked;
