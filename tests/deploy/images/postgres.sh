#!/bin/bash
# Does what images.yml says the image of PostgreSQL does. What it keeps need not outlive this machine, so it waits for no disk.
set -eu
shopt -s nullglob
if [ "$1" != postgres ]; then exec "$@"; fi
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
    password="$(cat "$POSTGRES_PASSWORD_FILE")"
    initdb -D "$data" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 --pwfile=<(printf '%s\n' "$password") -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
    pg_ctl -D "$data" -w -o "-c listen_addresses=''" start >/dev/null
    psql -q -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE $POSTGRES_DB"
    for file in /docker-entrypoint-initdb.d/*.sql; do psql -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$file"; done
    pg_ctl -D "$data" -w -m fast stop >/dev/null
fi
exec "$@" -D "$data" -c "listen_addresses=*" -c fsync=off
