# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by transcripts after functions.sh: a Kubernetes node without a kubelet. The cgroups have the names that kubelet gives
# them, and the bundles are where and as containerd makes them.
pods=sandbox-pods-$$ recorder=sandbox-recorder-$$ bundles=bundles

# containerd starts the pods from now on. Its shims have their sockets below /run, which it finds again.
with_containerd() {
	cat >config.toml <<-C
		version = 2
		root = "$PWD/containerd"
		state = "$PWD/running"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
		[grpc]
		address = "$PWD/socket"
		[ttrpc]
		address = "$PWD/ttrpc"
	C
	unshare -m sh -ec 'mount -t cgroup2 none /sys/fs/cgroup; mkdir -p /run/containerd
		mount -t tmpfs none /run/containerd; touch mounted; exec sleep 1000' &
	place=$! bundles=running/io.containerd.runtime.v2.task/k8s.io
	await [ -e mounted ]
	start_containerd
}

start_containerd() {
	nsenter --target "$place" -m --wd="$PWD" containerd -c config.toml >>log 2>&1 &
	containerd=$!
	await ct version
}

ct() {
	nsenter --target "$place" -m --wd="$PWD" timeout 60 ctr -a "$PWD/socket" -n k8s.io "$@"
}

# node OPTION...: records in the background, in a cgroup of its own as in a pod; with $listen, what is handed over
node() {
	own_cgroups mkdir -p /sys/fs/cgroup/{$pods,$recorder}
	: >said
	# shellcheck disable=SC2016 # the inner shell's
	unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && echo $$ >"$0"/cgroup.procs && exec "$@"' /sys/fs/cgroup/$recorder \
		sandbox node -o out --pods /sys/fs/cgroup/$pods --bundles $bundles ${listen:+--listen private/socket \
		--write-profile profile --runtime $listen} "$@" 2>said &
	node=$!
	await grep -q 'recording the pods\|listening at' said
	[ -z "${listen-}" ] || profile=$(cat profile)
}

# All of the recorder at once, as the end of a pod kills it
kill_all() {
	own_cgroups sh -c "echo 1 >/sys/fs/cgroup/$recorder/cgroup.kill"
}

# Has the recorder's cgroup lack memory: the kernel ends all of it (memory.oom.group), or with cgroups of version 1 its
# largest process.
starve() {
	local folder=/sys/fs/cgroup/memory/$recorder limit=memory.limit_in_bytes
	[ -d /sys/fs/cgroup/memory ] || folder=/sys/fs/cgroup/$recorder limit=memory.max
	mkdir -p "$folder"
	for process in "$node" $(below "$node") "$BASHPID"; do
		echo "$process" >"$folder/cgroup.procs"
		[ "$process" = "$BASHPID" ] || echo 1000 >"/proc/$process/oom_score_adj"
	done
	[ $limit != memory.max ] || echo 1 >"$folder/memory.oom.group"
	echo 16M >"$folder/$limit"
	python3 -c 'bytearray(64 << 20)'
}

# The last lines, when nothing of a pod is left
end_node() {
	sleep 0.5
	kill "$node"
	wait "$node"
	sed '/: recording the pods of \|: listening at \|cannot be recorded/d; s/: [0-9]* syscalls in .* executables\?,/:/' said
}

# By the driver of systemd, if one was booted
runtime() {
	if [ "${init-}" ]; then
		inside timeout 60 "$1" --systemd-cgroup --root "$PWD/state" "${@:2}"
	else
		own_cgroups timeout 60 "$1" --root "$PWD/state" "${@:2}"
	fi
}

# pod RUNTIME NAME NUMBER WORD...: runs a container of this pod until it ends; with $profile
pod() {
	id=$(printf %064x "$3")
	group=/$pods/burstable/pod$2/$id
	[ -z "${init-}" ] || group=kubepods-burstable-pod$3.slice:cri-containerd:$id
	mkdir -p bundles "made/$id"
	(
		cd "made/$id" || exit
		configure "${profile:-null}" "${@:4}"
		python3 - "$2" "$group" <<-'P'
			import json, os, sys
			config = json.load(open("config.json"))
			config["linux"] |= {"cgroupsPath": sys.argv[2]}
			if not config["linux"]["seccomp"]:
			    del config["linux"]["seccomp"]
			config["root"] |= {"path": os.path.abspath("../../rootfs")}
			notes = {"type": "container", "name": "nginx"}
			config["annotations"] = {"io.kubernetes.cri.container-" + key: notes[key] for key in notes}
			config["annotations"] |= {"io.kubernetes.cri.sandbox-name": sys.argv[1],
			    "io.kubernetes.cri.sandbox-namespace": "shop"}
			json.dump(config, open("config.json", "w"))
		P
	)
	if [ "${containerd-}" ]; then
		ct run --rm ${init:+--runc-systemd-cgroup --cgroup "$group"} --runc-binary "$(command -v "$1")" --config "made/$id/config.json" "$id"
		return
	fi
	rm -rf "bundles/$id"
	mv "made/$id" bundles
	runtime "$1" run --bundle "$PWD/bundles/$id" "$id"
}

# into RUNTIME NUMBER WORD...: an exec, when the container has made /up
into() {
	timeout 60 sh -c 'until [ -e rootfs/up ]; do sleep 0.02; done'
	if [ "${containerd-}" ]; then
		ct task exec --exec-id "exec-$RANDOM" "$(printf %064x "$2")" "${@:3}"
		return
	fi
	runtime "$1" exec "$(printf %064x "$2")" "${@:3}"
}

remove_pods() {
	[ -z "${containerd-}" ] || { kill "$containerd" "$place"; wait "$containerd" "$place"; } 2>/dev/null
	own_cgroups find /sys/fs/cgroup/{$pods,$recorder} -depth -type d -exec rmdir {} \; 2>/dev/null
	rmdir /sys/fs/cgroup/memory/$recorder 2>/dev/null
}
