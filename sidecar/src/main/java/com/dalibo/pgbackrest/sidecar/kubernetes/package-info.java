/// The Kubernetes API as the sidecar needs it: requests, events, the Cluster and the Stanza with
/// its Secrets. Knows no pgBackRest command.
@NullMarked
package com.dalibo.pgbackrest.sidecar.kubernetes;

import org.jspecify.annotations.NullMarked;
