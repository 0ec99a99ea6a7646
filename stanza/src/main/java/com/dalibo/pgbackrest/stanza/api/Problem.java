package com.dalibo.pgbackrest.stanza.api;

/// Something about a stanza that its user has to change.
///
/// @param reason one word, for a condition
/// @param message one sentence, for people; ends with the remedy
public record Problem(String reason, String message) {}
