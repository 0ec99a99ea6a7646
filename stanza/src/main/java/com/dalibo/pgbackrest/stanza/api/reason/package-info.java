/// The types of conditions, and the reasons of conditions, events and refusals. Tables only, from
/// which rows of the docs are generated.
@NullMarked
package com.dalibo.pgbackrest.stanza.api.reason;

import org.jspecify.annotations.NullMarked;
