{{/* Namespace of everything that has one. */}}
{{- define "pgbackrest-plugin.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* Reference of an image: dict "image" (a value) "chart" .Chart */}}
{{- define "pgbackrest-plugin.image" -}}
{{- with .image.registry }}{{ . }}/{{ end }}{{ .image.repository }}:{{ default .chart.AppVersion .image.tag -}}
{{- end -}}

{{/* Whether the values ask for an object: dict "object" "values" */}}
{{- define "pgbackrest-plugin.isCreated" -}}
{{- $kind := .object.kind -}}
{{- if eq $kind "ServiceAccount" }}{{ if .values.serviceAccount.create }}yes{{ end }}
{{- else if hasPrefix "pgbackrest.dalibo.com:" .object.metadata.name }}{{ if .values.rbac.userRoles.create }}yes{{ end }}
{{- else if has $kind (list "Role" "RoleBinding" "ClusterRole" "ClusterRoleBinding") }}{{ if .values.rbac.create }}yes{{ end }}
{{- else if eq $kind "PodDisruptionBudget" }}{{ if .values.podDisruptionBudget.create }}yes{{ end }}
{{- else if eq $kind "Issuer" }}{{ if not .values.certificates.certManager.issuerRef }}yes{{ end }}
{{- else }}yes{{ end -}}
{{- end -}}

{{/* Adds labels and annotations to an object, which keeps its own: dict "object" "labels" "annotations" */}}
{{- define "pgbackrest-plugin.decorate" -}}
{{- $metadata := .object.metadata -}}
{{- with .labels }}{{ $_ := set $metadata "labels" (merge (default dict $metadata.labels) .) }}{{ end -}}
{{- with .annotations }}{{ $_ := set $metadata "annotations" (merge (default dict $metadata.annotations) .) }}{{ end -}}
{{- end -}}

{{/* Sets a field of an object to a value, or removes it where the value is empty: dict "object" "field" "value" */}}
{{- define "pgbackrest-plugin.set" -}}
{{- if .value }}{{ $_ := set .object .field .value }}{{ else }}{{ $_ := unset .object .field }}{{ end -}}
{{- end -}}
