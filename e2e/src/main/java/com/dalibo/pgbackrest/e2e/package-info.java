/// Stories on a real Kubernetes cluster with the real CNPG operator.
@NullMarked
package com.dalibo.pgbackrest.e2e;

import org.jspecify.annotations.NullMarked;
