package com.dalibo.pgbackrest.stanza.cluster;

import java.util.Optional;

/// A cluster naming a stanza for a purpose.
public record StanzaReference(
    StanzaPurpose purpose, String stanzaName, Optional<String> pluginConfigName) {}
