package com.dalibo.pgbackrest.testbed.store;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The objects of a bucket, and how Google Cloud Storage speaks of them.
final class GcsObjects {
  /// An object of which more is to come.
  record Upload(String name, ByteArrayOutputStream content) {
    Upload(String name) {
      this(name, new ByteArrayOutputStream());
    }
  }

  private record Stored(ByteString content, Instant updated) {}

  private static final int PAGE = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();

  List<String> names() {
    return List.copyOf(objects.keySet());
  }

  @Nullable ByteString get(String name) {
    Stored stored = objects.get(name);
    return stored == null ? null : stored.content();
  }

  void put(String name, ByteString content) {
    objects.put(name, new Stored(content, Instant.now()));
  }

  /// Whether there was one.
  boolean remove(String name) {
    return objects.remove(name) != null;
  }

  JsonObject describe(String name) {
    Stored stored = objects.get(name);
    if (stored == null) {
      throw new IllegalArgumentException("there is no object '" + name + "'");
    }
    JsonObject object = new JsonObject();
    object.addProperty("name", name);
    object.addProperty("size", "" + stored.content().size());
    object.addProperty("md5Hash", md5(stored.content()));
    object.addProperty("updated", TIME.format(stored.updated()));
    return object;
  }

  /// One page of a listing: objects, and the directories that the delimiter makes of their names.
  JsonObject list(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    @Nullable String delimiter = query.get("delimiter");
    @Nullable String after = query.get("pageToken");
    Set<String> directories = new LinkedHashSet<>();
    JsonArray items = new JsonArray();
    JsonObject answer = new JsonObject();
    String last = "";
    for (String name : objects.tailMap(prefix, true).keySet()) {
      if (!name.startsWith(prefix)) {
        break;
      }
      if (after != null && name.compareTo(after) <= 0) {
        continue;
      }
      int end = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
      // A directory is on one page only, however many objects are in it.
      if (end >= 0 && after != null && after.startsWith(name.substring(0, end + 1))) {
        continue;
      }
      if (directories.size() + items.size() == PAGE) {
        answer.addProperty("nextPageToken", last);
        break;
      }
      if (end < 0) {
        items.add(describe(name));
      } else {
        directories.add(name.substring(0, end + 1));
      }
      last = name;
    }
    JsonArray prefixes = new JsonArray();
    directories.forEach(prefixes::add);
    answer.add("prefixes", prefixes);
    answer.add("items", items);
    return answer;
  }

  private static String md5(ByteString content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("MD5").digest(content.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
