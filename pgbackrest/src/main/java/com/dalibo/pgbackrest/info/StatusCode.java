package com.dalibo.pgbackrest.info;

/// The state of a stanza, or of one repository of it, as `info` numbers it.
public enum StatusCode {
  OK(0),
  MISSING_STANZA_PATH(1),
  NO_VALID_BACKUP(2),
  MISSING_STANZA_DATA(3),
  /// Only of the stanza: its repositories are in different states.
  DIFFERENT(4),
  BACKUP_NOT_FOUND(6),
  /// The repository could not be read; the message says why.
  OTHER(99);

  private final int code;

  StatusCode(int code) {
    this.code = code;
  }

  public int number() {
    return code;
  }

  static StatusCode of(int code) {
    for (var value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return OTHER;
  }
}
