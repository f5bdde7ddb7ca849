#!/bin/sh
# Puts a job into the queue every CLOCK_SECONDS, until it is asked to stop.

# A shell hears a signal at once only inside `wait`, so the pause is a
# background job, and the trap ends that too.
trap 'kill "$pause" 2>/dev/null; echo "clock stopped"; exit 0' TERM INT

while :; do
	bin/queue job "wind the clock at $(date +%H:%M:%S)"
	sleep "${CLOCK_SECONDS:-2}" &
	pause=$!
	wait "$pause"
done
