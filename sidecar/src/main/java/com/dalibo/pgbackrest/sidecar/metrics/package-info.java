/// The metrics of the plugin and of pgbackrest_exporter, their text form and their endpoint. Asks
/// nothing by itself.
@NullMarked
package com.dalibo.pgbackrest.sidecar.metrics;

import org.jspecify.annotations.NullMarked;
