/// A Stanza and its Secrets become `pgbackrest.conf`, or a list of problems. Knows no Kubernetes
/// client; what it needs is read through interfaces.
@NullMarked
package com.dalibo.pgbackrest.stanza.rendering;

import org.jspecify.annotations.NullMarked;
