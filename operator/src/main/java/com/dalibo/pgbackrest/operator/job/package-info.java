/// Jobs with the sidecar's image that ask the repositories of a Stanza for an object of the user's,
/// and what keeps them from an answer; and the frame of any Job. Knows no repository.
@NullMarked
package com.dalibo.pgbackrest.operator.job;

import org.jspecify.annotations.NullMarked;
