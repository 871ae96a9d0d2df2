{{- /*
Pod of a component: labels and specification. Takes `root`, `name` (of _components.tpl), `values` (resources, nodeSelector,
tolerations), and `container`: what its container has besides (args, ports, probes), `init` (containers), `beside` (containers of other
projects' images: port and args) and `restartPolicy`.
*/ -}}
{{- define "lurewatch.pod" -}}
{{- $component := index (include "lurewatch.components" .root | fromYaml) .name -}}
metadata:
  labels:
    {{- include "lurewatch.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
    {{- range $component.reaches }}
    reaches.lurewatch/{{ . | kebabcase }}: "true"
    {{- end }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  serviceAccountName: {{ include "lurewatch.fullname" .root }}{{ with $component.account }}-{{ . }}{{ end }}
  automountServiceAccountToken: {{ hasKey $component "account" }}
  enableServiceLinks: false
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ .root.Values.userId }}
    runAsGroup: {{ .root.Values.userId }}
    fsGroup: {{ .root.Values.userId }}
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      {{- if $component.browser }}
      type: Localhost
      localhostProfile: {{ .root.Values.render.seccompProfile }}
      {{- else }}
      type: RuntimeDefault
      {{- end }}
  {{- with .init }}
  initContainers:
    {{- range . }}
    - name: {{ .name }}
      args: {{ toJson .args }}
      {{- include "lurewatch.container" (dict "root" $.root "component" $component "values" $.values) | nindent 6 }}
    {{- end }}
  {{- end }}
  containers:
    {{- range $name, $other := .beside }}
    - name: {{ $name }}
      image: {{ index $.values.images $name }}
      args: {{ toJson $other.args }}
      ports: [{name: {{ $name }}, containerPort: {{ $other.port }}}]
      livenessProbe: {httpGet: {path: /-/healthy, port: {{ $name }}}, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 6}
      resources: {requests: {cpu: 20m, memory: 64Mi}, limits: {memory: 192Mi}}
      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: tmp, mountPath: /tmp}]
    {{- end }}
    - name: {{ .containerName | default .name }}
      {{- with .container }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      {{- include "lurewatch.container" (dict "root" .root "component" $component "values" .values) | nindent 6 }}
  volumes:
    - name: tmp
      emptyDir: {sizeLimit: 2Gi}
    {{- if $component.browser }}
    - name: shared-memory
      emptyDir: {medium: Memory, sizeLimit: {{ .root.Values.render.sharedMemory }}}
    {{- end }}
    {{- if $component.podTemplates }}
    - name: pod-templates
      configMap: {name: {{ include "lurewatch.fullname" .root }}-pod-templates}
    {{- end }}
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- range $component.secrets }}
          {{- $secret := index $.root.Values.secrets . }}
          {{- if $secret.name }}
          - secret:
              name: {{ $secret.name }}
              items: [{key: {{ $secret.key }}, path: {{ . }}}]
          {{- end }}
          {{- end }}
    {{- range $volume, $path := $component.volumes }}
    - name: {{ $volume | kebabcase }}
      persistentVolumeClaim: {claimName: {{ include "lurewatch.claim" (dict "root" $.root "name" $volume) }}}
    {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- /* What a container of a component has always: image, settings, mounts, no rights. */ -}}
{{- define "lurewatch.container" -}}
{{- $blocks := include "lurewatch.settings" .root | fromYaml -}}
image: {{ include "lurewatch.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env:
  {{- $environment := dict -}}
  {{- range .component.settings }}
  {{- $environment = merge $environment (index $blocks . | default dict) }}
  {{- end }}
  {{- range $name, $value := merge $environment (.component.environment | default dict) }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  - {name: secrets, mountPath: /secrets, readOnly: true}
  {{- if .component.browser }}
  - {name: shared-memory, mountPath: /dev/shm}
  {{- end }}
  {{- if .component.podTemplates }}
  - {name: pod-templates, mountPath: /pod-templates, readOnly: true}
  {{- end }}
  {{- range $volume, $path := .component.volumes }}
  - {name: {{ $volume | kebabcase }}, mountPath: {{ trimSuffix ":ro" $path }}{{ if hasSuffix ":ro" $path }}, readOnly: true{{ end }}}
  {{- end }}
{{- end -}}
