#!/bin/sh
# Brings the schema up to date and counts, in the file that it is given, how
# far it has come. So it may run before every start, and may be interrupted.
set -eu
schema=$1
version=$(cat "$schema" 2>/dev/null || echo 0)

# migration N DESCRIPTION: an app with a database would change it here.
migration() {
	[ "$version" -lt "$1" ] || return 0
	echo "migration $1: $2"
	version=$1
	echo "$version" >"$schema"
}

migration 1 "create the table of jobs"
migration 2 "remember which worker did a job"
echo "the schema is at version $version"
