package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/// When repositories are read whole to see whether they are.
public record VerifyConfig(
    @JsonPropertyDescription(
            "Interval between verifications of a repository, such as 168h, 90m or 2h30m. The "
                + "whole repository is read, for which object stores may charge.")
        @Required
        @Pattern(
            "^([0-9]{1,6}h([0-9]{1,6}m)?([0-9]{1,6}s)?|[0-9]{1,6}m([0-9]{1,6}s)?|[0-9]{1,6}s)$")
        String every) {}
