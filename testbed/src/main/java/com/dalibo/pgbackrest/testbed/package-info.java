/// Real programs for tests and the demo: PostgreSQL, an S3 server, a Kubernetes API stand-in, a
/// driver that plays the instance manager.
@NullMarked
package com.dalibo.pgbackrest.testbed;

import org.jspecify.annotations.NullMarked;
