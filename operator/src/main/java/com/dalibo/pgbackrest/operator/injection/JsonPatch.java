package com.dalibo.pgbackrest.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.EnumSet;

/// What turns one document into another, as RFC 6902 says it; nothing at all when they are the
/// same.
public final class JsonPatch {

  private JsonPatch() {}

  public static ByteString between(JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return ByteString.EMPTY;
    }
    var flags = EnumSet.of(DiffFlags.OMIT_MOVE_OPERATION, DiffFlags.OMIT_COPY_OPERATION);
    return ByteString.copyFromUtf8(JsonDiff.asJson(before, after, flags).toString());
  }
}
