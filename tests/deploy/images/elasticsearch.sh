#!/bin/bash
# Does what images.yml says the image of Elasticsearch does.
set -eu
if [ "$1" != eswrapper ]; then exec "$@"; fi
mode="$(stat -L -c %a "$ELASTIC_PASSWORD_FILE")"
case "$mode" in
    400 | 600) ;;
    *) echo "ERROR: File $ELASTIC_PASSWORD_FILE from ELASTIC_PASSWORD_FILE must have file permissions 400 or 600, but actually has: $mode" >&2; exit 1 ;;
esac
password="$(cat "$ELASTIC_PASSWORD_FILE")"
options=()
while IFS='=' read -r name value; do
    if [[ "$name" =~ ^[a-z0-9_]+\.[a-z0-9_]+ && -n "$value" ]]; then options+=("-E$name=$value"); fi
done < <(env)
if [ ! -f config/elasticsearch.keystore ]; then
    elasticsearch-keystore create >/dev/null
    printf '%s' "$password" | elasticsearch-keystore add -x bootstrap.password
fi
unset ELASTIC_PASSWORD_FILE
exec bin/elasticsearch "${options[@]}"
