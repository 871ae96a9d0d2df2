#!/bin/sh
# Does what images.yml says the image of versitygw does.
exec /usr/local/bin/versitygw "$@"
