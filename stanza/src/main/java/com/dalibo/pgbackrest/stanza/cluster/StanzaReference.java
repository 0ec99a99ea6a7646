package com.dalibo.pgbackrest.stanza.cluster;

import java.util.Optional;

/// A cluster naming a stanza for a purpose.
///
/// @param selectedRepository the only one that is to be used, by name or number; empty: all
public record StanzaReference(
    StanzaPurpose purpose,
    String stanzaName,
    Optional<String> pluginConfigName,
    Optional<String> selectedRepository) {}
