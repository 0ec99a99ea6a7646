/// Stories on a real Kubernetes cluster with the real CNPG operator: what users do, told in the
/// order they do it. A story owns a namespace; whatever it made is gone when it ends.
package com.dalibo.pgbackrest.e2e;
