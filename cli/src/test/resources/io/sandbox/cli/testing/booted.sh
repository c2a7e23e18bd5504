# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by transcripts after functions.sh: a systemd as process 1, which runs in namespaces of its own, on a copy of this
# system.

# This folder is /mnt in it.
boot() {
	cp "$TESTING"/*.sh "$TESTING"/*.py .
	chmod +x boot-systemd.sh
	./boot-systemd.sh "$PWD" "$DIST" >boot 2>&1 &
	boot=$!
	trap 'pkill -9 -P $boot' EXIT
	# shellcheck disable=SC2016 # evaluated again and again
	await eval 'init=$(pgrep -P $boot) && inside systemctl is-system-running --wait'
}

inside() {
	# shellcheck disable=SC2154 # set by boot
	nsenter --target "$init" -m -u -i -n -p -C -r -w -- "$@"
}

# unit NAME: with the text of standard input
unit() {
	cat >"$1"
	inside cp "/mnt/$1" /etc/systemd/system
	inside systemctl daemon-reload
}

learn() {
	inside sandbox learn-service "$@"
}

state() {
	inside systemctl show -P ActiveState "$1"
}

# left UNIT: neither a drop-in nor a folder of ours, and the unit as it was
left() {
	inside sh -c 'ls -d /run/systemd/system/*.d/~* /run/sandbox-learn* 2>/dev/null'
	inside systemctl list-units --no-legend 'recorded-*'
	inside systemctl cat "$1" | diff "cat.$1" -
	state "$1"
}
