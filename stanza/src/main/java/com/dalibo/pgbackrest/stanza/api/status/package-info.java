/// What the status of a Stanza holds: conditions, repositories, backups, owner. Data only.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.status;

import org.jspecify.annotations.NullMarked;
