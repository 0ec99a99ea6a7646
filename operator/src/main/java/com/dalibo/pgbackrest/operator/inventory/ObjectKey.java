package com.dalibo.pgbackrest.operator.inventory;

/// Where an object is found among those of its kind.
public record ObjectKey(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
