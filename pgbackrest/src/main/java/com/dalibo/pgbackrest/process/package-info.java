/// Programs: how they are started, ended and read. The only place that starts a process. Knows no
/// command and no error code of pgBackRest.
@NullMarked
package com.dalibo.pgbackrest.process;

import org.jspecify.annotations.NullMarked;
