# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by transcripts after functions.sh: a Kubernetes node without a kubelet. The cgroups have the names that kubelet gives
# them, and the bundles are where and as containerd makes them.
pods=sandbox-pods-$$

# node OPTION...: records in the background
node() {
	own_cgroups mkdir -p /sys/fs/cgroup/$pods
	: >said
	unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh \
		sandbox node -o out --pods /sys/fs/cgroup/$pods --bundles bundles "$@" 2>said &
	node=$!
	await grep -q 'recording the pods' said
}

# The last lines, when nothing of a pod is left
end_node() {
	sleep 0.5
	kill "$node"
	wait "$node"
	sed '/: recording the pods of /d; s/: [0-9]* syscalls in .* executables\?,/:/' said
}

# pod RUNTIME NAME NUMBER WORD...: runs a container of this pod until it ends; with $profile
pod() {
	id=$(printf %064x "$3")
	mkdir -p bundles "made/$id"
	(
		cd "made/$id" || exit
		configure "${profile:-null}" "${@:4}"
		python3 - "$2" "/$pods/burstable/pod$2/$id" <<-'P'
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
	rm -rf "bundles/$id"
	mv "made/$id" bundles
	own_cgroups timeout 60 "$1" --root "$PWD/state" run --bundle "bundles/$id" "$id"
}

# into RUNTIME NUMBER WORD...: an exec, when the container has made /up
into() {
	timeout 60 sh -c 'until [ -e rootfs/up ]; do sleep 0.02; done'
	own_cgroups "$1" --root "$PWD/state" exec "$(printf %064x "$2")" "${@:3}"
}

remove_pods() {
	own_cgroups find /sys/fs/cgroup/$pods -depth -type d -exec rmdir {} \; 2>/dev/null
}
