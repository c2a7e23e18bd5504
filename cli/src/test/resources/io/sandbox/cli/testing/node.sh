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

# Answers in the background as the API server does to whom has the token of the service account: the namespaces are the
# lines of the file `labelled`. What it is asked, and by whom, is in the file `asked`.
serve_api() {
	mkdir account
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out account/ca.crt -subj /CN=api -addext subjectAltName=IP:127.0.0.1 2>/dev/null
	echo token >account/token
	python3 - 2>asked <<-'P' &
		import http.server, json, ssl
		class Api(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        known = self.headers["Authorization"] == "Bearer token"
		        names = [{"metadata": {"name": name}} for name in open("labelled").read().split()]
		        self.send_response(200 if known else 403)
		        self.end_headers()
		        self.wfile.write(json.dumps({"kind": "NamespaceList", "items": names} if known else {}).encode())
		server = http.server.HTTPServer(("127.0.0.1", 0), Api)
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain("account/ca.crt", "key")
		server.socket = context.wrap_socket(server.socket, server_side=True)
		open("port", "w").write(str(server.server_port))
		server.serve_forever()
	P
	export api=$!
	await [ -s port ]
	export KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT
	KUBERNETES_SERVICE_PORT=$(cat port)
}

# Becomes a command that has the service account where a pod has it.
with_account() {
	# shellcheck disable=SC2016 # the inner shell's
	exec unshare -m sh -c '[ ! -d account ] || { mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io && cp -r account /run/secrets/kubernetes.io/serviceaccount; }
		exec "$@"' sh "$@"
}

# node OPTION...: records in the background, in a cgroup of its own as in a pod; with $listen, what is handed over; with
# $kind, the recorder's cgroup is all that it sees, and the pods are in this one below
node() {
	own_cgroups mkdir -p /sys/fs/cgroup/{$pods,$recorder}
	: >said
	# shellcheck disable=SC2016 # the inner shell's
	with_account sh -c 'mount -t cgroup2 none /sys/fs/cgroup && echo $$ >"$0"/cgroup.procs && exec "$@"' /sys/fs/cgroup/$recorder \
		${kind:+unshare -C sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh} sandbox node -o out --pods "/sys/fs/cgroup/${kind-$pods}" --bundles $bundles ${listen:+--listen private/socket \
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

# By the driver of systemd, if one was booted; a container may take $patience seconds
runtime() {
	if [ "${init-}" ]; then
		inside timeout "${patience-60}" "$1" --systemd-cgroup --root "$PWD/state" "${@:2}"
	else
		own_cgroups timeout "${patience-60}" "$1" --root "$PWD/state" "${@:2}"
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
			notes = {"type": "container", "name": os.environ.get("CONTAINER", "nginx")}
			config["annotations"] = {"io.kubernetes.cri.container-" + key: notes[key] for key in notes}
			config["annotations"] |= {"io.kubernetes.cri.sandbox-name": sys.argv[1],
			    "io.kubernetes.cri.image-name": os.environ.get("IMAGE", ""),
			    "io.kubernetes.cri.sandbox-namespace": os.environ.get("NAMESPACE", "shop")}
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
