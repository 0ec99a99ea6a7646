/// Programs of the working tree and of the machine: pgBackRest, scripts, servers.
@NullMarked
package com.dalibo.pgbackrest.testbed.program;

import org.jspecify.annotations.NullMarked;
