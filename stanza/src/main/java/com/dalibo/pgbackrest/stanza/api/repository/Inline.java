package com.dalibo.pgbackrest.stanza.api.repository;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On a record in a record: its fields stand beside the others, as those of an `inline` struct do
/// in the types of Kubernetes.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Inline {}
