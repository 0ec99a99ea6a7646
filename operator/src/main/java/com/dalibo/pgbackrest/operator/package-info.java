/// Runs beside the CNPG operator: injects the sidecar, grants its rights, makes certificates.
@NullMarked
package com.dalibo.pgbackrest.operator;

import org.jspecify.annotations.NullMarked;
