{{/*
What the values change in an object of the manifest, by its kind. Each takes dict "object" "root".
*/}}

{{- define "pgbackrest-plugin.change" -}}
{{- $values := .root.Values -}}
{{- if eq .object.kind "Deployment" }}{{ include "pgbackrest-plugin.changeDeployment" . }}
{{- else if eq .object.kind "Service" }}{{ include "pgbackrest-plugin.changeService" . }}
{{- else if eq .object.kind "Role" }}{{ include "pgbackrest-plugin.changeRole" . }}
{{- else if eq .object.kind "ServiceAccount" }}{{ include "pgbackrest-plugin.changeServiceAccount" . }}
{{- else if has .object.kind (list "RoleBinding" "ClusterRoleBinding") }}{{ include "pgbackrest-plugin.changeBinding" . }}
{{- else if eq .object.kind "Certificate" }}{{ include "pgbackrest-plugin.changeCertificate" . }}
{{- end -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeDeployment" -}}
{{- $values := .root.Values -}}
{{- $spec := .object.spec -}}
{{- $template := $spec.template -}}
{{- $pod := $template.spec -}}
{{- $container := first $pod.containers -}}
{{- $_ := set $spec "replicas" (int $values.replicaCount) -}}
{{- include "pgbackrest-plugin.set" (dict "object" $spec "field" "strategy" "value" $values.updateStrategy) -}}
{{- include "pgbackrest-plugin.decorate" (dict "object" $template "labels" $values.podLabels "annotations" $values.podAnnotations) -}}
{{- with $values.serviceAccount.name }}{{ $_ := set $pod "serviceAccountName" . }}{{ end -}}
{{- range $field, $value := dict
  "imagePullSecrets" $values.imagePullSecrets
  "securityContext" $values.podSecurityContext
  "nodeSelector" $values.nodeSelector
  "tolerations" $values.tolerations
  "affinity" $values.affinity
  "topologySpreadConstraints" $values.topologySpreadConstraints
  "priorityClassName" $values.priorityClassName -}}
{{- include "pgbackrest-plugin.set" (dict "object" $pod "field" $field "value" $value) -}}
{{- end -}}
{{- range $field, $value := dict
  "image" (include "pgbackrest-plugin.image" (dict "image" $values.image "chart" .root.Chart))
  "imagePullPolicy" $values.image.pullPolicy
  "resources" $values.resources
  "securityContext" $values.containerSecurityContext
  "env" (concat $container.env $values.additionalEnv) -}}
{{- include "pgbackrest-plugin.set" (dict "object" $container "field" $field "value" $value) -}}
{{- end -}}
{{- with $values.service.name }}{{ $_ := set $container "env" (append $container.env (dict "name" "SERVICE_NAME" "value" .)) }}{{ end -}}
{{- range $container.env -}}
{{- if eq .name "SIDECAR_IMAGE" }}{{ $_ := set . "value" (include "pgbackrest-plugin.image" (dict "image" $values.sidecarImage "chart" $.root.Chart)) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeService" -}}
{{- $service := .root.Values.service -}}
{{- with $service.name }}{{ $_ := set $.object.metadata "name" . }}{{ end -}}
{{- with $service.ipFamilyPolicy }}{{ $_ := set $.object.spec "ipFamilyPolicy" . }}{{ end -}}
{{- with $service.ipFamilies }}{{ $_ := set $.object.spec "ipFamilies" . }}{{ end -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeRole" -}}
{{- with .root.Values.service.name -}}
{{- range $.object.rules -}}
{{- if has "services" .resources }}{{ $_ := set . "resourceNames" (list $.root.Values.service.name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeServiceAccount" -}}
{{- $account := .root.Values.serviceAccount -}}
{{- with $account.name }}{{ $_ := set $.object.metadata "name" . }}{{ end -}}
{{- include "pgbackrest-plugin.decorate" (dict "object" .object "annotations" $account.additionalAnnotations) -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeBinding" -}}
{{- with .root.Values.serviceAccount.name }}{{ $_ := set (first $.object.subjects) "name" . }}{{ end -}}
{{- end -}}

{{- define "pgbackrest-plugin.changeCertificate" -}}
{{- $certManager := .root.Values.certificates.certManager -}}
{{- $_ := set .object.spec "duration" $certManager.duration -}}
{{- $_ := set .object.spec "renewBefore" $certManager.renewBefore -}}
{{- with $certManager.issuerRef }}{{ $_ := set $.object.spec "issuerRef" . }}{{ end -}}
{{- $name := .root.Values.service.name -}}
{{- if and $name (eq .object.spec.commonName "pgbackrest") -}}
{{- $namespace := include "pgbackrest-plugin.namespace" .root -}}
{{- $_ := set .object.spec "commonName" $name -}}
{{- $_ := set .object.spec "dnsNames" (list $name (printf "%s.%s" $name $namespace) (printf "%s.%s.svc" $name $namespace)) -}}
{{- end -}}
{{- end -}}
