/// Objects of the API as informers keep them. Knows no decision.
@NullMarked
package com.dalibo.pgbackrest.operator.inventory;

import org.jspecify.annotations.NullMarked;
