/// The main job, shown on one machine without Kubernetes; and the benchmarks.
@NullMarked
package com.dalibo.pgbackrest.demo;

import org.jspecify.annotations.NullMarked;
