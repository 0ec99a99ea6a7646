/// The log of both programs: lines of JSON in the shape of CNPG's own (`level`, `ts`, `logger`,
/// `msg`), for our messages and for those of libraries. Knows nothing else of this project.
@NullMarked
package com.dalibo.pgbackrest.cnpgi.log;

import org.jspecify.annotations.NullMarked;
