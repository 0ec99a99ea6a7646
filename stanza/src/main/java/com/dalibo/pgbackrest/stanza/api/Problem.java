package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.reason.Reason;

/// Something about a stanza that its user has to change.
///
/// @param reason for a condition or an event
/// @param message one sentence, for people; ends with the remedy
public record Problem(Reason reason, String message) {}
