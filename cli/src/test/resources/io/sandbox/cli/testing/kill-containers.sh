#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kills one of the processes that record a container, at a random moment while the
# container starts, is entered by exec, and ends. Says what must not be: something
# that hangs, a container without a filter, a list that lacks a call, and what is
# left at the end. node is sandbox node --listen with containerd: there, no container may end with the recorder.
# Usage: kill-containers.sh podman-crun|podman-runc|docker|compose|containerd|node TRIES SEED [VICTIM]
#
# VICTIM is one of those below, such as nobody. The container of compose has a health check.
# Needs root, busybox, the folder of our commands in DIST, and for docker and containerd
# their commands in the PATH. Prints a line for each fault, and at the end, or after a signal, one that counts.
set -eu
way=$1 tries=$2 RANDOM=$3
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=cli/src/test/resources/io/sandbox/cli/testing/functions.sh
. "$here/functions.sh"
export PODMAN_IGNORE_CGROUPSV1_WARNING=1 PATH=$DIST:$PATH
# What others leave in /tmp is not seen.
if [ -z "${IN_OWN_MOUNTS-}" ]; then
	export IN_OWN_MOUNTS=1
	[ "$way" != podman-crun ] || own=own_cgroups
	${own-} unshare -m sh -c 'mount -t tmpfs none /tmp && exec "$@"' sh "$0" "$@"
	exit
fi
engine_name=${way/node/containerd}
patience=90 # seconds; nothing takes so long
work=$(mktemp -d)
cd "$work"
faults=0 ended=0 complete=0 starter=
# It waits for the exec, but not for ever.
script='uname; sleep 0.5; /bin/busybox mkdir -p /made && echo >/out/made; '
script+='for i in 1 2 3 4 5 6 7 8; do [ -e /out/visited ] || sleep 0.5; done'
exec=(/bin/sh -c 'echo >>/out/visits; echo >/out/visited')
words=(-v "$work:/out" image /bin/sh -c "$script")
chosen=${4:-java launcher both engine monitor runtime nobody}

podman_way() { # RUNTIME
	local root=(--root "$work/root" --runroot "$work/run" --tmpdir "$work/libpod")
	engine=(podman "${root[@]}" --storage-driver vfs --cgroup-manager cgroupfs --runtime "$(command -v "$1")")
	run=("${engine[@]}" run --rm --network none --name killed)
	remove=(rm -f -t 0 killed)
	[ "$1" = runc ] || run+=(--cgroups=disabled)
	trap 'count; "${engine[@]}" system reset --force >/dev/null 2>&1; rm -rf "$work"' EXIT
	tar -C rootfs -c . | "${engine[@]}" import - image:latest >imported 2>&1
}

start_docker() { # GROUP
	# shellcheck disable=SC2016 # the inner shell expands them
	unshare -m sh -ec 'mount -t tmpfs none /run; exec dockerd --data-root $PWD/data --exec-root $PWD/exec --pidfile $PWD/pid \
		--host unix://$PWD/socket --cgroup-parent /$0 --storage-driver vfs --bridge none --userland-proxy=false \
		--iptables=false --ip6tables=false' "$1" >log 2>&1 &
	daemon=$!
}

docker_way() {
	local group=sandbox-kill-$$
	export DOCKER_HOST=unix://$work/socket DOCKER_CONFIG=$work
	start_docker "$group"
	trap 'count; kill $daemon; wait $daemon; find /sys/fs/cgroup -depth -type d -name "'"$group"'" -delete; rm -rf "$work"' EXIT
	until docker version >/dev/null 2>&1; do
		sleep 0.2
		# On a busy machine, its containerd can be too late for it.
		kill -0 "$daemon" 2>/dev/null || start_docker "$group"
	done
	engine=(docker)
	run=(docker run --rm --network none --name killed)
	remove=(rm -f killed)
	tar -C rootfs -c . | docker import - image >imported
}

compose_way() {
	docker_way
	printf 'services: {one: {image: image, network_mode: none, container_name: killed, volumes: ["%s:/out"],
		command: [/bin/sh, -c, "%s"], healthcheck: {test: [CMD, /bin/true], interval: 0.3s}}}' \
		"$work" "$script" >compose.yaml
	run=(docker-compose up) words=()
}

# Its containers hand over their listener to sandbox listen, or to sandbox node.
containerd_way() {
	TESTING=$here
	# shellcheck source=cli/src/test/resources/io/sandbox/cli/testing/node.sh
	. "$here/node.sh"
	trap 'count; remove_pods || true; rm -rf "$work"' EXIT
	with_containerd 2>/dev/null
	engine=(nsenter --target "$place" -m --wd="$work" ctr -a "$work/socket" -n k8s.io)
	remove=(task rm --force killed)
	mkdir -m 700 private
}

# The profile is written before the socket is there.
start_with_listener() {
	local recorder=(listen private/socket --containers 1 --to oci -o list)
	[ "$way" != node ] || recorder=(node --listen private/socket --bundles "$bundles" -o lists)
	rm -rf private/socket profile lists
	sandbox "${recorder[@]}" --write-profile profile --runtime runc >out 2>err &
	learn=$!
	until [ -S private/socket ] || ! kill -0 "$learn" 2>/dev/null; do sleep 0.02; done
	# shellcheck disable=SC2031 # of another shell
	(
		[ -s profile ] || exit 0
		configure "$(cat profile)" /bin/sh -c "$script"
		sed -i "s|\"path\": \"rootfs\"|\"path\": \"$PWD/rootfs\"|
			s|\"mounts\": \[|&{\"destination\": \"/out\", \"type\": \"bind\", \"source\": \"$PWD\", \"options\": [\"bind\"]}, |" config.json
		enter run --rm --config config.json killed
		cat engine.out >>out
		# Without a container, it would listen for ever.
		kill "$learn" 2>/dev/null
	) &
	starter=$!
}

count() {
	echo "$way: $ended tries, $(wc -l 2>/dev/null <visits || echo 0) execs, $complete lists, $faults faults"
}

fault() { # WORD...
	faults=$((faults + 1))
	echo "$way, try $try, $plan: $*"
	tail -n 5 err
}

enter() { # engine's words: it may fail, but must end
	timeout "$patience" "${engine[@]}" "$@" >>engine.out 2>&1 || [ $? -ne 124 ] || touch hangs
}

# An exec, and a look whether the container has a filter
visit() {
	local pid=0
	while [ ! -e over ] && kill -0 $$ 2>/dev/null; do
		pid=$(process) || pid=0
		[ "${pid:-0}" -eq 0 ] || break
		sleep 0.2
	done
	[ "${pid:-0}" -ne 0 ] || return 0
	! grep -q '^Seccomp:[[:space:]]*0' "/proc/$pid/status" 2>/dev/null || touch unfiltered
	if [ "$engine_name" = containerd ]; then
		enter task exec --exec-id visit killed "${exec[@]}"
	else
		enter exec killed "${exec[@]}"
	fi
}

process() { # of the container
	if [ "$engine_name" = containerd ]; then
		"${engine[@]}" task ls 2>/dev/null | sed -n 's/^killed *\([0-9]*\) .*/\1/p'
	else
		"${engine[@]}" inspect -f '{{.State.Pid}}' killed 2>/dev/null
	fi
}

victims() { # what is killed, as a list of processes
	case $1 in
	java) pgrep -P "$learn" java ;;
	launcher) echo "$learn" ;;
	both) pgrep -P "$learn" java && echo "$learn" ;;
	engine) pgrep -P "$learn" -x "${engine[0]}" || pgrep -f "^ctr .*$work/.* run " ;;
	monitor) pgrep -f "^[^ ]*(conmon|containerd-shim).*($work|killed)" ;;
	runtime) pgrep -f "^[^ ]*(crun|runc) .*($work|killed)" ;;
	nobody) ;;
	esac || true
}

one() {
	local whom victim pause i
	read -ra whom <<<"$chosen"
	victim=${whom[RANDOM % ${#whom[@]}]} pause=$((RANDOM % 3000))
	plan="$victim after $pause ms"
	rm -f list hangs unfiltered over out err visited engine.out
	if [ "$engine_name" = containerd ]; then
		start_with_listener
	else
		sandbox learn-container -o list -- "${run[@]}" "${words[@]}" >out 2>err &
		learn=$!
	fi
	visit &
	visitor=$!
	sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
	# shellcheck disable=SC2046 # processes
	kill -KILL $(victims "$victim") 2>/dev/null || true
	for ((i = 0; i < patience * 10; i++)); do
		kill -0 "$learn" 2>/dev/null || break
		sleep 0.1
	done
	if kill -0 "$learn" 2>/dev/null; then
		fault 'HANGS: the recorder'
		# shellcheck disable=SC2046 # processes
		kill -KILL $(below "$learn") "$learn"
	fi
	wait "$learn" ${starter:+"$starter"} 2>/dev/null || true
	touch over
	enter "${remove[@]}"
	[ "$engine_name" != containerd ] || enter containers rm killed
	wait "$visitor"
	[ ! -e hangs ] || fault 'HANGS: the engine'
	[ ! -e unfiltered ] || fault 'WIDE: no filter'
	! grep -qs Linux out || [ -e made ] || case $victim in
	java | launcher | both) [ "$way" != node ] || fault 'HARMED: the container ended' ;;
	esac
	[ "$way" != node ] || cp lists/oci/unknown/*/unknown.json list 2>/dev/null || true
	# If the engine was killed, we end the recording of a container that goes on, which is said.
	if [ -s list ] && ! grep -q 'it still ran when the recording ended\|unrecorded: 1' err; then
		complete=$((complete + 1))
		[ ! -e made ] || grep -q '"mkdir"' list || fault 'DISHONEST: no mkdir in the list'
		! grep -q Linux out || grep -q '"uname"' list || fault 'DISHONEST: no uname in the list'
	elif [ "$victim" = nobody ]; then
		echo "$way, try $try: no list"
		cat err
	fi
	ended=$((ended + 1))
	rm -f made
}

bundle
"${engine_name%-*}_way" "${way#*-}"
for ((try = 1; try <= tries; try++)); do
	# The last one removes what the others have left.
	[ "$try" -lt "$tries" ] || chosen=nobody
	one
done
left=$(find /tmp -maxdepth 2 -name 'sandbox-*' -o -name '.list*')
[ -z "$left" ] || fault "LEFT: $left"
# Without a list, nothing was recorded, and nothing shown.
[ "$faults" -eq 0 ] && [ "$complete" -gt 0 ]
