/// What the sidecar of a Cluster may read: one Role and RoleBinding per Cluster.
@NullMarked
package com.dalibo.pgbackrest.operator.permissions;

import org.jspecify.annotations.NullMarked;
