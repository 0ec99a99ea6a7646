/// Certificates and HTTPS servers for tests.
@NullMarked
package com.dalibo.pgbackrest.testbed.tls;

import org.jspecify.annotations.NullMarked;
