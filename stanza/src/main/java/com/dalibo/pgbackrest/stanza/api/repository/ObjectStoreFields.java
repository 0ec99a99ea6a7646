package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields that every repository in an object store has.
@ValidationRule(
    value = "!has(self.caSecretRef) || !has(self.caConfigMapRef)",
    message = "caSecretRef and caConfigMapRef exclude one another; remove one")
public record ObjectStoreFields(
    @JsonPropertyDescription(
            "Whether the certificate of the store is verified. Absent: it is. For a private CA, "
                + "set caSecretRef or caConfigMapRef instead of disabling this.")
        @Nullable Boolean verifyTLS,
    @JsonPropertyDescription("Certificate authority of the store in a Secret, in PEM.")
        @Nullable SecretKeyRef caSecretRef,
    @JsonPropertyDescription("Certificate authority of the store in a ConfigMap, in PEM.")
        @Nullable ConfigMapKeyRef caConfigMapRef,
    @JsonPropertyDescription("Port of the store.") @Min(1) @Max(65535) @Nullable Integer port,
    @JsonPropertyDescription(
            "Tags for every object that is written, for lifecycle rules and cost reports of the "
                + "store.")
        @Size(max = 50)
        @Nullable Map<String, String> tags,
    @JsonPropertyDescription("Size of the parts in which large files are uploaded.")
        @Pattern("^[0-9]{1,15}(B|KiB|MiB|GiB|TiB|PiB)$")
        @Nullable String uploadChunkSize) {}
