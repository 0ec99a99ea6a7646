/// The PluginConfig: how the sidecar's container is made. Knows no Stanza.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import org.jspecify.annotations.NullMarked;
