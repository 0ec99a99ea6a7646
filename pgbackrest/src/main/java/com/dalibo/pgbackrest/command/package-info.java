/// pgBackRest's commands: a method each, and what each answers. Knows no Kubernetes, no gRPC and no
/// Stanza.
@NullMarked
package com.dalibo.pgbackrest.command;

import org.jspecify.annotations.NullMarked;
