/// `pgbackrest.conf`: options, sections and the file. Knows no command and no option's meaning.
@NullMarked
package com.dalibo.pgbackrest.config;

import org.jspecify.annotations.NullMarked;
