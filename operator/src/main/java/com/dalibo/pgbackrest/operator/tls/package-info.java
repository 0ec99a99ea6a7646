/// Certificates and trust between the CNPG operator and ours: self-signed or cert-manager's, their
/// rotation, the server that uses them.
@NullMarked
package com.dalibo.pgbackrest.operator.tls;

import org.jspecify.annotations.NullMarked;
