/// A stand-in for the Kubernetes API server, with faults on demand.
@NullMarked
package com.dalibo.pgbackrest.testbed.kubernetes;

import org.jspecify.annotations.NullMarked;
