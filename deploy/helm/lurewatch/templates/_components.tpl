{{- /*
What each pod is given, as docker-compose.yml gives it to its services: blocks of settings (_settings.tpl), secrets, the servers it
may reach (network-policies.yaml) and volumes. Nothing is given that is not named here.
*/ -}}
{{- define "lurewatch.components" -}}
desk:
  settings: [place, identity, runs, index, desk, web]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsDesk, LUREWATCH_STORE_API_KEY_FILE: /secrets/indexDaily}
  secrets: [deskDatabase, objectsDesk, indexDaily, indexCa, metricsToken]
  reaches: [database, index, objects]
  volumes: {data: /data, seeds: /seeds}
# Where platforms fetch their notices and answer them: its role of the database reads nothing else.
door:
  settings: [identity, door]
  secrets: [doorDatabase]
  reaches: [database]
# Tells the operator what is wrong, and stands beside what it watches.
exporter:
  settings: [place, identity, runs, index, desk, mail, watch]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsDesk, LUREWATCH_STORE_API_KEY_FILE: /secrets/indexDaily}
  secrets: [deskDatabase, objectsDesk, indexDaily, indexCa, smtp, notifyWebhook, notifyHeartbeat]
  reaches: [database, index, objects, mail, outside, desk, tasks, watch]
  volumes: {data: /data, seeds: /seeds}
# Dumps the desk's database; restic keeps the dump and the seeds. The bucket of runs is copied by its own store.
backup:
  settings: [place, desk]
  environment:
    LUREWATCH_STATE: /data/state
    AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsBackup
    RESTIC_REPOSITORY_FILE: /secrets/resticRepository
    RESTIC_PASSWORD_FILE: /secrets/resticPassword
    RESTIC_CACHE_DIR: /tmp/restic
  secrets: [deskDatabase, resticRepository, resticPassword, objectsBackup]
  reaches: [database, objects]
  volumes: {data: /data, seeds: "/seeds:ro"}
api-server:
  settings: [schedule, metadata, people, tokens, pages]
  secrets: [airflowDatabase, airflowFernetKey, airflowJwtSecret, airflowApiSecret]
  reaches: [database]
  volumes: {logs: /logs}
scheduler:
  settings: [schedule, metadata, tokens, executor, health]
  secrets: [airflowDatabase, airflowFernetKey, airflowJwtSecret]
  reaches: [database, kubernetesApi]
  volumes: {logs: /logs}
  podTemplates: true
  account: scheduler
dag-processor:
  settings: [schedule, metadata, place, executor, browsers]
  secrets: [airflowDatabase, airflowFernetKey]
  reaches: [database, tasks]
  volumes: {logs: /logs, seeds: "/seeds:ro"}
  podTemplates: true
triggerer:
  settings: [schedule, metadata]
  secrets: [airflowDatabase, airflowFernetKey]
  reaches: [database, tasks]
  volumes: {logs: /logs}
work:
  settings: [schedule, place, identity, runs, index, desk, mail, crawl, browsers]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsWork, LUREWATCH_STORE_API_KEY_FILE: /secrets/indexErase}
  secrets: [deskDatabase, objectsWork, indexErase, indexCa, smtp, crawlDatabase]
  reaches: [tasks, database, index, objects, mail, outside]
  volumes: {data: /data, seeds: /seeds, logs: /logs}
# Where a browser reads pages of others: no database, no index, no mail, a key that erases nothing.
render:
  settings: [schedule, place, identity, runs, browsers]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsRender}
  secrets: [objectsRender]
  reaches: [tasks, objects, outside]
  volumes: {renderData: /data, seeds: "/seeds:ro", logs: /logs}
  browser: true
migrate:
  settings: [schedule, metadata]
  secrets: [airflowDatabase, airflowFernetKey]
  reaches: [database]
  volumes: {logs: /logs}
accounts:
  settings: [schedule, metadata, people]
  secrets: [airflowDatabase, airflowFernetKey, airflowAdminPassword, airflowOperatorPassword, airflowViewerPassword]
  reaches: [database]
  volumes: {logs: /logs}
clean:
  settings: [schedule, metadata, people]
  secrets: [airflowDatabase, airflowFernetKey]
  reaches: [database]
  volumes: {logs: /logs}
prepare:
  settings: [place, index]
  environment: {LUREWATCH_STORE_API_KEY_FILE: /secrets/indexManage}
  secrets: [indexManage, indexCa]
  reaches: [index]
  volumes: {data: /data, seeds: /seeds}
rebuild:
  settings: [place, runs, index, desk]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsWork, LUREWATCH_STORE_API_KEY_FILE: /secrets/indexManage}
  secrets: [deskDatabase, objectsWork, indexManage, indexCa]
  reaches: [database, index, objects]
  volumes: {data: /data, seeds: "/seeds:ro"}
# Asks every part whether it is well, so it is given a key to each, for the moment.
doctor:
  settings: [place, identity, runs, index, desk, mail, watch, crawl]
  environment: {AWS_SHARED_CREDENTIALS_FILE: /secrets/objectsWork, LUREWATCH_STORE_API_KEY_FILE: /secrets/indexDaily}
  secrets: [deskDatabase, objectsWork, indexDaily, indexCa, smtp, notifyWebhook, notifyHeartbeat, crawlDatabase]
  reaches: [database, index, objects, mail, outside, desk, tasks, watch]
  volumes: {data: /data, seeds: "/seeds:ro"}
{{- end -}}
