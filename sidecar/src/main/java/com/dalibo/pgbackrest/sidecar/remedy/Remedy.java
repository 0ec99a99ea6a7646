package com.dalibo.pgbackrest.sidecar.remedy;

/// The sign of a failure in the text of pgBackRest, and what to do about it.
///
/// @param sign a pattern
/// @param words in which `%s` stands for the first group of the sign
record Remedy(String sign, String words) {}
