/// Which field is which option of pgBackRest: the option tables, and the rules for options that
/// users write themselves. The only place that knows option names of the API.
@NullMarked
package com.dalibo.pgbackrest.stanza.options;

import org.jspecify.annotations.NullMarked;
