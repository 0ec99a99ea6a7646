package com.dalibo.pgbackrest.sidecar.standby;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// ASN.1 values in DER (X.690), those that a certificate is made of.
final class Der {
  private static final int CONSTRUCTED = 0xa0;
  private static final int PRIMITIVE = 0x80;
  private static final int UTC_TIME_ENDS = 2050;
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(0x30, joined(parts));
  }

  static byte[] set(byte[]... parts) {
    return value(0x31, joined(parts));
  }

  static byte[] bool(boolean flag) {
    return value(0x01, new byte[] {(byte) (flag ? 0xff : 0)});
  }

  static byte[] integer(BigInteger number) {
    return value(0x02, number.toByteArray());
  }

  /// @param unused how many bits at the end are not meant
  static byte[] bits(int unused, byte... content) {
    return value(0x03, joined(new byte[] {(byte) unused}, content));
  }

  static byte[] octets(byte[] content) {
    return value(0x04, content);
  }

  static byte[] empty() {
    return value(0x05, new byte[0]);
  }

  /// An object identifier such as `2.5.4.3`.
  static byte[] identifier(String dotted) {
    var arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
    var content = new ByteArrayOutputStream();
    content.write(arcs[0] * 40 + arcs[1]);
    Arrays.stream(arcs).skip(2).forEach(arc -> content.writeBytes(base128(arc)));
    return value(0x06, content.toByteArray());
  }

  static byte[] text(String text) {
    return value(0x0c, text.getBytes(UTF_8));
  }

  static byte[] time(Instant instant) {
    var isShort = instant.atOffset(ZoneOffset.UTC).getYear() < UTC_TIME_ENDS;
    var format = isShort ? UTC_TIME : GENERALIZED_TIME;
    return value(isShort ? 0x17 : 0x18, format.format(instant).getBytes(US_ASCII));
  }

  /// A value inside a tag of its own.
  static byte[] explicit(int tag, byte[] inner) {
    return value(CONSTRUCTED | tag, inner);
  }

  /// A primitive value whose tag is replaced.
  static byte[] implicit(int tag, byte[] content) {
    return value(PRIMITIVE | tag, content);
  }

  /// The first value in a sequence, whole.
  static byte[] firstOf(byte[] sequence) {
    var begin = headerLength(sequence, 0);
    var end = begin + headerLength(sequence, begin) + contentLength(sequence, begin);
    return Arrays.copyOfRange(sequence, begin, end);
  }

  private static byte[] value(int tag, byte[] content) {
    return joined(new byte[] {(byte) tag}, length(content.length), content);
  }

  private static byte[] length(int length) {
    if (length < 0x80) {
      return new byte[] {(byte) length};
    }
    var digits = BigInteger.valueOf(length).toByteArray();
    var unsigned = digits[0] == 0 ? Arrays.copyOfRange(digits, 1, digits.length) : digits;
    return joined(new byte[] {(byte) (0x80 | unsigned.length)}, unsigned);
  }

  private static int headerLength(byte[] der, int at) {
    var first = der[at + 1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    var first = der[at + 1] & 0xff;
    return first < 0x80
        ? first
        : new BigInteger(1, Arrays.copyOfRange(der, at + 2, at + 2 + (first & 0x7f)))
            .intValueExact();
  }

  private static byte[] base128(int arc) {
    var groups = new byte[5];
    var at = groups.length;
    var rest = arc;
    do {
      at--;
      groups[at] = (byte) ((rest & 0x7f) | (at == groups.length - 1 ? 0 : 0x80));
      rest >>>= 7;
    } while (rest != 0);
    return Arrays.copyOfRange(groups, at, groups.length);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
