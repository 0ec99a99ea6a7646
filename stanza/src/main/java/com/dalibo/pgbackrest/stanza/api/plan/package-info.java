/// What users write to have a restore planned, and what a plan says.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.plan;

import org.jspecify.annotations.NullMarked;
