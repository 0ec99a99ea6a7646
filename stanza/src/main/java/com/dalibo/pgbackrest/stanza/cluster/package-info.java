/// What a Cluster asks for: which Stanza for which purpose, from which WAL source, with which
/// recovery target. Pure; reads nothing from Kubernetes.
@NullMarked
package com.dalibo.pgbackrest.stanza.cluster;

import org.jspecify.annotations.NullMarked;
