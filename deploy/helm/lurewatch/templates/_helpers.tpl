{{- define "lurewatch.fullname" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "lurewatch.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* Labels that select this release's pods. */ -}}
{{- define "lurewatch.selector" -}}
app.kubernetes.io/name: lurewatch
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "lurewatch.labels" -}}
{{ include "lurewatch.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- /* A Job cannot be changed: its name says what it was made of, so that an upgrade makes another. */ -}}
{{- define "lurewatch.digest" -}}
{{- list .Values .Chart.Version .Chart.AppVersion | toJson | sha256sum | trunc 10 -}}
{{- end -}}

{{- define "lurewatch.claim" -}}
{{- $volume := index .root.Values.persistence .name -}}
{{- $volume.existingClaim | default (printf "%s-%s" (include "lurewatch.fullname" .root) (.name | kebabcase)) -}}
{{- end -}}

{{- /* Container that ends once Airflow's tables have the form that this release needs. */ -}}
{{- define "lurewatch.migrated" -}}
name: wait-for-migrations
args: [airflow, db, check-migrations, --migration-wait-timeout, "600"]
{{- end -}}
