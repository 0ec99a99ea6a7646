package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.stanza.api.Problem;

/// What keeps a Job from its answer.
///
/// @param status of the condition
/// @param isOver whether it has come to nothing, and the next one is to wait
public record Obstacle(String status, Problem problem, boolean isOver) {}
