/// Real programs for tests and the demo. Never part of a product image.
@NullMarked
package com.dalibo.pgbackrest.testbed;

import org.jspecify.annotations.NullMarked;
