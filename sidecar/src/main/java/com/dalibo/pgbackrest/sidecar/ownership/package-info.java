/// One writer per stanza: who owns it, who may write into which repository, and the record of it in
/// the Stanza's status.
@NullMarked
package com.dalibo.pgbackrest.sidecar.ownership;

import org.jspecify.annotations.NullMarked;
