# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by transcripts.

# Until the command succeeds. The whole transcript has a limit of time.
await() {
	until "$@" >/dev/null 2>&1; do sleep 0.02; done
}

# The processes that a process has started, and those that they have started
below() {
	for child in $(pgrep -P "$1"); do
		echo "$child"
		below "$child"
	done
}

ended() { ! kill -0 "$1"; }

# compile NAME [OPTION...]: a program of this folder. What it gives is kept: many need the same.
compile() {
	local kept
	kept="$ROOT/cli/target/compiled/${CC:-gcc} $(echo "$*" | tr / _)"
	if ! [ "$kept" -nt "$TESTING/$1.c" ]; then
		mkdir -p "${kept%/*}"
		${CC:-gcc} -O1 -w -o "$kept.$$" "$TESTING/$1.c" "${@:2}" && mv "$kept.$$" "$kept" || return
	fi
	cp "$kept" "$1"
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

nobody() {
	as_nobody --inh-caps=-all --bounding-set=-all "$@"
}

# The calls of the list in standard input, without those that take the place of others
calls() {
	awk '/^# .*: in the place of / { sub(/^# /, ""); sub(/: in the place of .*/, ""); place[$0] }
		sub(/^SECCOMP_SYSCALL_ALLOW=/, "") {
			gsub(/"/, "")
			count = split($0, entries, ":")
			for (i = 1; i <= count; i++)
				if (!(entries[i] in place)) {
					sub(/[(=].*/, "", entries[i])
					print entries[i]
				}
		}' | sort -u
}

# bundle: an OCI bundle with busybox as its only program, with neither cgroups nor a network of its own
bundle() {
	mkdir -p rootfs/bin rootfs/proc rootfs/dev rootfs/sys rootfs/etc rootfs/tmp
	cp "$(command -v busybox)" rootfs/bin
	for name in sh echo cat sleep true uname id; do
		ln -s busybox rootfs/bin/$name
	done
}

# configure PROFILE WORD...: sets the seccomp profile and the command of the bundle
configure() {
	python3 -c 'import json, sys
space = [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]
mounts = [{"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}]
process = {"user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"], "args": sys.argv[2:]}
print(json.dumps({"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "process": process, "mounts": mounts,
                  "linux": {"namespaces": space, "seccomp": json.loads(sys.argv[1])}}))' "$@" >config.json
}

# Mounts only cgroups of version 2: crun refuses a mix.
own_cgroups() {
	unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh "$@"
}

# run_bundle crun|runc NAME
run_bundle() {
	# shellcheck disable=SC2046 # two words or none
	own_cgroups "$1" $([ "$1" = runc ] || echo --cgroup-manager disabled) run --bundle . "$2"
}

# recorded FILE EXPRESSION: of the recording, with its first run and that run's first program
recorded() {
	python3 -c 'import json, sys
recording = json.load(open(sys.argv[1])); run = recording["runs"][0]; program = run["programs"][0]
calls = {call["name"]: call for call in program["calls"]}
print(eval(sys.argv[2]))' "$@"
}

# setting FILE VALUE: sets it until the end of the transcript. Some of these files give a number's text only to the
# first read, however short: so cat, which reads much at once.
setting() {
	settings="echo '$(cat "$1")' >$1; ${settings-}"
	# shellcheck disable=SC2064 # the values of now
	trap "$settings" EXIT
	echo "$2" >"$1"
}
