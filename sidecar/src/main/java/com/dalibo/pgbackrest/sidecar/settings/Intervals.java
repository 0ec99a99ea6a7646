package com.dalibo.pgbackrest.sidecar.settings;

import java.time.Duration;

/// How often a sidecar does what nobody waits for, and how long it waits for others.
///
/// @param look how often it looks whether there is a reason to ask
/// @param ask how often it asks its repositories at least
/// @param gaps how often it looks for missing WAL at least
/// @param settle how long it waits for more news after the first
/// @param deletion how long a Backup object is deleted before its backup is
/// @param verifyAgain how long after a verification that could not be done it is tried again
/// @param recordAgain how soon the owner of a stanza that could not be recorded is tried again
/// @param stall how long the same segment is asked for before it is looked whether it is lost
/// @param walOfBackup how long the last WAL of a backup may take to arrive
/// @param lockPause between two tries of a backup that another one holds up, of twenty
public record Intervals(
    Duration look,
    Duration ask,
    Duration gaps,
    Duration settle,
    Duration deletion,
    Duration verifyAgain,
    Duration recordAgain,
    Duration stall,
    Duration walOfBackup,
    Duration lockPause) {
  public static final Intervals NORMAL =
      new Intervals(
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1));
}
