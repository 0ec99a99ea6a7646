package com.dalibo.pgbackrest.operator;

/// Where an object is found among those of its kind.
record ObjectKey(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
