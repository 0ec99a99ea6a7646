package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The object a user writes: where pgBackRest keeps backups and WAL, and how.
public record Stanza(Metadata metadata, StanzaSpec spec, @Nullable StanzaStatus status) {
  public static final String GROUP = "pgbackrest.dalibo.com";
  public static final String VERSION = "v1";
  public static final String API_VERSION = GROUP + "/" + VERSION;
  public static final String KIND = "Stanza";
  public static final String PLURAL = "stanzas";

  public static Stanza parse(String json) throws InvalidStanzaException {
    try {
      return parse(JsonParser.parseString(json).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      throw new InvalidStanzaException(
          SpecReason.UNREADABLE,
          "the stanza is not a JSON object; check it with kubectl get -o yaml",
          e);
    }
  }

  public static Stanza parse(JsonObject json) throws InvalidStanzaException {
    return ApiReader.object(json, Stanza.class, "stanza", "correct it with kubectl edit stanza");
  }

  /// The name of the object, which is what users refer to.
  public String name() {
    return metadata.name();
  }

  public String namespace() {
    return metadata.namespaceOrDefault();
  }

  /// The name of the stanza within its repositories.
  public String stanzaName() {
    return spec.stanzaConfiguration().name();
  }

  /// What the status records of the repository with a number.
  public Optional<RepositoryStatus> repositoryStatus(int index) {
    return Optional.ofNullable(status).map(StanzaStatus::repositories).orElse(List.of()).stream()
        .filter(repository -> Objects.equals(repository.index(), index))
        .findFirst();
  }
}
