# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Sourced by transcripts.

# Prints the recording of one run in which an executable made calls. The executable and the verdict are
# JSON, and so is the rest of a call after its name and number. "id", "build" and "libc" can be set before.
recording() { # EXECUTABLE VERDICT [NAME NUMBER REST]...
	cat <<-E
		{"format": "sandbox-recording", "version": 1, "runs": [{"id": "${id-1}", "started": "2023-11-14T22:13:20Z",
		 "millis": 40, "source": "audit", "from": "preload", "command": ["./x"], "enforced": false, "allowed": [],
		 "status": 0, $2, "machine": {"kernel": "6.18", "arch": "x86_64", "tool": "0.1.0"},
		 "programs": [{"executable": $1, "arch": "x86_64", "audit_arch": 3221225534,
		  ${build:+"\"build_id\": \"$build\","} ${libc:+"\"libc\": \"$libc\","} "calls": [
	E
	shift 2
	comma=
	while [ $# -gt 0 ]; do
		printf '%s{"name": "%s", "number": %d, "count": 3, "first_millis": 7, "origin": "/nowhere.so+0x10"%s}\n' \
			"$comma" "$1" "$2" "$3"
		shift 3
		comma=,
	done
	echo ']}]}]}'
}
