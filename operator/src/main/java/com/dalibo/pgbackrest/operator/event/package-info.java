/// Events on the objects of users. Knows nothing of what they report.
@NullMarked
package com.dalibo.pgbackrest.operator.event;

import org.jspecify.annotations.NullMarked;
