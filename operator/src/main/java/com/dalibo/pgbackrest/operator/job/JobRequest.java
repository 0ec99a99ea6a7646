package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.operator.permissions.JobOwner;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.Map;
import java.util.function.Supplier;

/// A Job that is wanted.
///
/// @param owner the object that it is about
/// @param stanza whose repositories it asks
/// @param jobName the same in each replica, and another one for each answer
/// @param fingerprint goes into the status, with the answer
/// @param variables further ones of its container, asked for when the Job is made
public record JobRequest(
    JobOwner owner,
    Stanza stanza,
    String jobName,
    String fingerprint,
    Supplier<Map<String, String>> variables) {}
