/// The rules for packages that the tests of both programs hold.
@NullMarked
package com.dalibo.pgbackrest.testbed.rooms;

import org.jspecify.annotations.NullMarked;
