package com.dalibo.pgbackrest.operator.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How far Kubernetes is with a Job.
public record JobState(Job job) {

  public boolean isComplete() {
    return condition("Complete").isPresent();
  }

  /// The condition of a Job that has failed.
  public Optional<JobCondition> failed() {
    return condition("Failed");
  }

  public boolean hasReadyPod() {
    return status().map(JobStatus::getReady).filter(pods -> pods > 0).isPresent();
  }

  public boolean hasFailedPod() {
    return status().map(JobStatus::getFailed).filter(pods -> pods > 0).isPresent();
  }

  /// Whether it was created longer ago.
  public boolean isOlder(Duration age, Instant now) {
    return Optional.ofNullable(job.getMetadata().getCreationTimestamp())
        .filter(created -> now.isAfter(Instant.parse(created).plus(age)))
        .isPresent();
  }

  private Optional<JobCondition> condition(String type) {
    return status().map(JobStatus::getConditions).stream()
        .flatMap(conditions -> conditions.stream())
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .findFirst();
  }

  private Optional<JobStatus> status() {
    return Optional.ofNullable(job.getStatus());
  }
}
