#!/bin/sh
# Does what images.yml says the image of Valkey does.
set -eu
[ -w . ] || { echo "error: $(pwd) is not writable by current user ($(id -u))" >&2; exit 1; }
exec "$@"
