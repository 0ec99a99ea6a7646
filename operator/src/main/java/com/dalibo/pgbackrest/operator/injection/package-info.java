/// How a pod gets the sidecar: a decision, a description of the sidecar, a pure change of the pod,
/// the patch. Talks to no API server.
@NullMarked
package com.dalibo.pgbackrest.operator.injection;

import org.jspecify.annotations.NullMarked;
