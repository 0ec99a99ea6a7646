package com.dalibo.pgbackrest.sidecar.standby;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// DER in the text form that OpenSSL reads and writes (RFC 7468). Its content may be a key, and is
/// not shown.
public final class Pem {
  private static final int LINE = 64;

  private final String label;
  private final byte[] der;

  public Pem(String label, byte[] der) {
    this.label = label;
    this.der = der.clone();
  }

  /// The first block whose label ends so: `PRIVATE KEY` finds an `EC PRIVATE KEY` too.
  static Optional<Pem> find(String text, String labelEnd) {
    var matcher =
        Pattern.compile(
                "-----BEGIN ([A-Z0-9 ]*"
                    + Pattern.quote(labelEnd)
                    + ")-----([^-]*)-----END \\1-----")
            .matcher(text);
    return matcher.find()
        ? Optional.of(
            new Pem(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2).strip())))
        : Optional.empty();
  }

  String label() {
    return label;
  }

  public byte[] der() {
    return der.clone();
  }

  public String text() {
    var lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, lines);
  }
}
