package com.dalibo.pgbackrest.cnpgi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What goes over the wire, compared with the table of what CNPG-I 0.6.0 publishes.
class ProtocolTest {
  @Test
  void namesAndNumbersAreThoseOfThePublishedProtocol() throws IOException {
    var compiled =
        new Descriptor(ByteString.copyFrom(Files.readAllBytes(Path.of("target/cnpg-i.desc"))));

    var facts = compiled.all(1).stream().flatMap(ProtocolTest::file).sorted().toList();

    assertThat(facts)
        .containsExactlyElementsOf(Files.readAllLines(Path.of("src/test/resources/protocol.txt")));
  }

  private static Stream<String> file(Descriptor file) {
    var prefix = file.text(2);
    return Stream.of(
            file.all(6).stream().flatMap(service -> service(prefix, service)),
            file.all(4).stream().flatMap(message -> message(prefix, message)),
            file.all(5).stream().flatMap(values -> enumeration(prefix, values)))
        .flatMap(facts -> facts);
  }

  private static Stream<String> service(String prefix, Descriptor service) {
    return service.all(2).stream()
        .map(
            method ->
                "%s.%s/%s(%s) returns %s"
                    .formatted(
                        prefix,
                        service.text(1),
                        method.text(1),
                        type(method.text(2)),
                        type(method.text(3))));
  }

  private static Stream<String> message(String prefix, Descriptor message) {
    var name = prefix + "." + message.text(1);
    var fields =
        message.all(2).stream()
            .map(
                field ->
                    "%s %02d %s%s %s"
                        .formatted(
                            name,
                            field.number(3),
                            field.number(4) == 3
                                ? "repeated "
                                : field.number(17) == 1 ? "optional " : "",
                            fieldType(field),
                            field.text(1)));
    return Stream.of(
            message.all(2).isEmpty() ? Stream.of(name + " (empty)") : fields,
            message.all(3).stream().flatMap(nested -> message(name, nested)),
            message.all(4).stream().flatMap(values -> enumeration(name, values)))
        .flatMap(facts -> facts);
  }

  private static Stream<String> enumeration(String prefix, Descriptor values) {
    return values.all(2).stream()
        .map(
            value ->
                "%s.%s = %02d %s"
                    .formatted(prefix, values.text(1), value.number(2), value.text(1)));
  }

  private static String fieldType(Descriptor field) {
    return switch ((int) field.number(5)) {
      case 1 -> "double";
      case 3 -> "int64";
      case 8 -> "bool";
      case 9 -> "string";
      case 12 -> "bytes";
      default -> type(field.text(6));
    };
  }

  private static String type(String name) {
    return name.substring(1);
  }

  /// A message of descriptor.proto, by field numbers: the lite runtime has no class for it.
  private record Descriptor(ByteString bytes) {
    List<Descriptor> all(int field) {
      var found = new ArrayList<Descriptor>();
      try {
        CodedInputStream input = bytes.newCodedInput();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
          if (tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            found.add(new Descriptor(input.readBytes()));
          } else {
            input.skipField(tag);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return found;
    }

    String text(int field) {
      return all(field).stream().map(text -> text.bytes.toStringUtf8()).findFirst().orElse("");
    }

    long number(int field) {
      long found = 0;
      try {
        CodedInputStream input = bytes.newCodedInput();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
          if (tag == (field << 3 | WireFormat.WIRETYPE_VARINT)) {
            found = input.readInt64();
          } else {
            input.skipField(tag);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return found;
    }
  }
}
