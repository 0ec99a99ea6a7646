/// The status of the Stanza: survey the repositories, judge, write, report as events.
@NullMarked
package com.dalibo.pgbackrest.sidecar.status;

import org.jspecify.annotations.NullMarked;
