#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Usage: run_tests.sh DIRECTORY [TESTS]
# Runs every test of the C part from the directory of the built ones, or those
# with these names, and sums up in the last line. Status 1 if anything failed or
# nothing ran. With REQUIRE_KERNEL_TESTS=1 a skipped test is a failed one.
# EMULATOR is the command that runs programs for another architecture.

set -u
built=$1
only=${2:+" $(echo "$2" | tr -s "[:space:]" " ") "}
tests=$(dirname "$0")
passed=0
failed=0
skipped=0

# Prints a test's output and adds up its counts.
run() { # NAME COMMAND...
	name=$1
	shift
	case ${only:-" $name "} in
	*" $name "*) ;;
	*) return 0 ;;
	esac
	# shellcheck disable=SC2086 # words
	output=$(${EMULATOR-} "$@")
	status=$?
	last=$(printf '%s\n' "$output" | tail -n 1)
	printf '%s\n' "$output" | sed "s|^|$name: |"
	case $last in
	*' passed, '*' failed'*) ;;
	*)
		echo "$name: FAILED: ended with status $status, no summary"
		last='0 passed, 1 failed'
		;;
	esac
	# shellcheck disable=SC2086 # "N passed, N failed[, N skipped]"
	set -- $last 0 0
	passed=$((passed + $1))
	failed=$((failed + $3))
	[ "${6-}" = skipped ] && skipped=$((skipped + $5))
	[ "$status" -ne 0 ] && [ "$3" -eq 0 ] && failed=$((failed + 1))
}

run policy_text_test "$built/policy_text_test" "$tests/vectors" "$tests/corpus"
run environment_test "$built/environment_test" "$tests/vectors"
run filter_test "$built/filter_test" "$tests/vectors"
run syscalls_test "$built/syscalls_test" \
	"$tests/../../syscall-db/src/main/resources/io/sandbox/syscalldb"
run java_records_test "$built/java_records_test"
run process_test "$built/process_test"
run systemd_unit_test "$built/systemd_unit_test"
run keeper_test "$built/keeper_test"
run outer_filter_test "$built/outer_filter_test" "$built" "$built/../libsandbox.so"
run live_test sh "$tests/live_test.sh" "$built" "$built/../libsandbox.so"
run bpf_test "$built/bpf_test" "$built"
run inject sh "$tests/inject/run.sh"
# Without Java: KillIT tests the commands with Java, scripts/fuzz thousands of
# times.
if [ -x "$built/kill/target" ]; then
	run kill_test python3 "$tests/kill_test.py" -n 600 "$built/kill" \
		"$built/../sandbox-exec" "$built/../libsandbox.so"
	run bpf_fuzz python3 "$tests/bpf_fuzz.py" 300 "" "$built/../sandbox-exec" \
		"$built/kill/target-bare"
fi

[ "$skipped" -gt 0 ] && echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
