package com.dalibo.pgbackrest.cnpgi.object;

import com.google.protobuf.ByteString;

/// What we read of a Backup that CNPG asks for.
public record Backup(String name, String namespace, String uid) {

  public static Backup parse(ByteString json) {
    return parse(json.toByteArray());
  }

  public static Backup parse(byte[] json) {
    var metadata = JsonTree.parse("Backup", json).get("metadata");
    return new Backup(
        metadata.get("name").text().orElse(""),
        metadata.get("namespace").text().orElse(""),
        metadata.get("uid").text().orElse(""));
  }
}
