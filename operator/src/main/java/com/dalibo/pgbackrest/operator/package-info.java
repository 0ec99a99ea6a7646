/// The door of the operator: its main class, settings, the gRPC services and the health endpoint.
/// Nothing inside knows it.
@NullMarked
package com.dalibo.pgbackrest.operator;

import org.jspecify.annotations.NullMarked;
