{{- /* Blocks of variables, each with the name it has in docker-compose.yml. A component is given those it names. */ -}}
{{- define "lurewatch.settings" -}}
place:
  HOME: /tmp
  LUREWATCH_SEEDS: /seeds
  LUREWATCH_ACCEPTED: /seeds/.accepted
  LUREWATCH_LOG_FORMAT: {{ .Values.logFormat | quote }}
identity:
  LUREWATCH_ORGANISATION: {{ .Values.organisation.name | quote }}
  LUREWATCH_CONTACT_EMAIL: {{ .Values.organisation.contactEmail | quote }}
  LUREWATCH_MAIL_FROM: {{ .Values.mail.from | quote }}
  LUREWATCH_CONTACT_URL: {{ .Values.organisation.contactUrl | quote }}
  LUREWATCH_PUBLIC_URL: {{ .Values.publicUrl | quote }}
runs:
  LUREWATCH_RUNS: {{ .Values.objects.runs | quote }}
  LUREWATCH_ASSESSED: {{ .Values.objects.assessed | quote }}
  LUREWATCH_STATE: /data/state
  LUREWATCH_CACHE: /data/cache
  FSSPEC_S3_ENDPOINT_URL: {{ .Values.objects.url | quote }}
  AWS_DEFAULT_REGION: {{ .Values.objects.region | quote }}
index:
  LUREWATCH_STORE: {{ .Values.index.url | quote }}
  {{- if .Values.secrets.indexCa.name }}
  LUREWATCH_STORE_CA: /secrets/indexCa
  {{- end }}
desk:
  LUREWATCH_DATABASE_FILE: /secrets/deskDatabase
web:
  LUREWATCH_BIND: 0.0.0.0:8080
  LUREWATCH_TRUSTED_PROXIES: {{ .Values.trustedProxies | quote }}
  {{- if .Values.secrets.metricsToken.name }}
  LUREWATCH_METRICS_TOKEN_FILE: /secrets/metricsToken
  {{- end }}
door:
  HOME: /tmp
  LUREWATCH_LOG_FORMAT: {{ .Values.logFormat | quote }}
  LUREWATCH_DATABASE_FILE: /secrets/doorDatabase
  LUREWATCH_DOOR_URL: {{ .Values.door.url | quote }}
  LUREWATCH_TRUSTED_PROXIES: {{ .Values.trustedProxies | quote }}
mail:
  {{- if .Values.secrets.smtp.name }}
  LUREWATCH_SMTP_FILE: /secrets/smtp
  {{- end }}
  LUREWATCH_DIGEST_RECIPIENTS: {{ .Values.mail.digestRecipients | quote }}
  LUREWATCH_HELP_LINES: {{ .Values.mail.helpLines | quote }}
watch:
  LUREWATCH_NOTIFY_RECIPIENTS: {{ .Values.mail.notifyRecipients | quote }}
  LUREWATCH_DOCS_URL: {{ .Values.docsUrl | quote }}
  LUREWATCH_DESK_HEALTH_URL: http://{{ include "lurewatch.fullname" . }}-desk:8080/healthz
  LUREWATCH_AIRFLOW_HEALTH_URL: http://{{ include "lurewatch.fullname" . }}-api-server:8080/api/v2/monitor/health
  LUREWATCH_ALERTMANAGER_URL: http://{{ include "lurewatch.fullname" . }}-exporter:9093/-/ready
  {{- if .Values.secrets.notifyWebhook.name }}
  LUREWATCH_NOTIFY_WEBHOOK_FILE: /secrets/notifyWebhook
  {{- end }}
  {{- if .Values.secrets.notifyHeartbeat.name }}
  LUREWATCH_NOTIFY_HEARTBEAT_FILE: /secrets/notifyHeartbeat
  {{- end }}
# The job migrate makes this pool of Airflow.
browsers:
  LUREWATCH_RENDER_POOL: browsers
crawl:
  LUREWATCH_CRAWL_STATE_FILE: /secrets/crawlDatabase
schedule:
  HOME: /tmp
  AIRFLOW_HOME: /tmp/airflow
  AIRFLOW__CORE__EXECUTOR: KubernetesExecutor
  AIRFLOW__CORE__PARALLELISM: {{ .Values.airflow.parallelism | quote }}
  AIRFLOW__CORE__LOAD_EXAMPLES: "False"
  AIRFLOW__CORE__DEFAULT_TASK_RETRIES: "3"
  AIRFLOW__CORE__DEFAULT_TASK_EXECUTION_TIMEOUT: "3600"
  AIRFLOW__CORE__EXECUTION_API_SERVER_URL: http://{{ include "lurewatch.fullname" . }}-api-server:8080/execution/
  AIRFLOW__LOGGING__BASE_LOG_FOLDER: /logs
  AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: "60"
  # Not the short task_queued_timeout of docker-compose.yml: it would remove pods that wait for a node or for their image.
  AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: "30"
  AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "120"
  AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: "60"
executor:
  AIRFLOW__KUBERNETES_EXECUTOR__NAMESPACE: {{ .Release.Namespace | quote }}
  # Rendered sources have the file render.yaml beside it (dags/crawl.py).
  AIRFLOW__KUBERNETES_EXECUTOR__POD_TEMPLATE_FILE: /pod-templates/work.yaml
  AIRFLOW__KUBERNETES_EXECUTOR__WORKER_PODS_CREATION_BATCH_SIZE: "8"
# Airflow keeps the line end that a command prints; sed takes it off.
metadata:
  AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: sed -z s/[[:space:]]*$// /secrets/airflowDatabase
  AIRFLOW__CORE__FERNET_KEY_CMD: sed -z s/[[:space:]]*$// /secrets/airflowFernetKey
health:
  AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: "True"
tokens:
  AIRFLOW__API_AUTH__JWT_SECRET_CMD: sed -z s/[[:space:]]*$// /secrets/airflowJwtSecret
people:
  AIRFLOW__CORE__AUTH_MANAGER: airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager
pages:
  AIRFLOW__FAB__CONFIG_FILE: /srv/lurewatch/deploy/stack/airflow_login.py
  # Roles and their rights are written by the job accounts alone.
  AIRFLOW__FAB__UPDATE_FAB_PERMS: "False"
  AIRFLOW__FAB__SESSION_LIFETIME_MINUTES: "30"
  AIRFLOW__FAB__SESSION_MAX_LIFETIME_MINUTES: "720"
  AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME: "900"
  AIRFLOW__API__SECRET_KEY_CMD: sed -z s/[[:space:]]*$// /secrets/airflowApiSecret
  AIRFLOW__API__BASE_URL: {{ .Values.airflow.publicUrl | quote }}
  AIRFLOW__API__EXPOSE_CONFIG: "False"
  AIRFLOW__API__EXPOSE_STACKTRACE: "False"
  FORWARDED_ALLOW_IPS: {{ .Values.trustedProxies | quote }}
{{- end -}}
