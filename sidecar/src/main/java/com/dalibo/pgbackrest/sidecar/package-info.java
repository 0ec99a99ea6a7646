/// The door of the sidecar: its main class, the gRPC services, the loop that keeps things up, the
/// training run for the start cache. The only package that knows generated protocol classes and
/// gRPC codes; nothing inside knows it.
@NullMarked
package com.dalibo.pgbackrest.sidecar;

import org.jspecify.annotations.NullMarked;
