package com.dalibo.pgbackrest.stanza.contract;

/// CNPG's public images of PostgreSQL, for a Cluster whose major version is known and that has no
/// former one whose image runs it. CNPG's default image is of one major version alone.
public final class PublicImage {
  private static final String POSTGRES = "ghcr.io/cloudnative-pg/postgresql:";

  private PublicImage() {}

  /// The newest image of a major version.
  public static String ofMajor(String major) {
    return POSTGRES + major;
  }
}
