package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.operator.permissions.JobOwner;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.Map;

/// A Job that is wanted.
///
/// @param owner the object that it is about
/// @param stanza whose repositories it asks
/// @param jobName the same in each replica, and another one for each answer
/// @param fingerprint goes into the status, with the answer
/// @param variables further ones of its container
public record JobRequest(
    JobOwner owner,
    Stanza stanza,
    String jobName,
    String fingerprint,
    Map<String, String> variables) {
  public JobRequest {
    variables = Map.copyOf(variables);
  }
}
