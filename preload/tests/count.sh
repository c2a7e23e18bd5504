# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Counts for the test scripts, which source it: ok, not_ok, skip, and finish,
# whose last line run_tests.sh adds up. With REQUIRE_KERNEL_TESTS=1 a skipped
# test is a failed one.

# Exit statuses of programs (src/failure.h), and of shells for signals.
# shellcheck disable=SC2034 # for who sources this
{
	own_failure=125
	not_executable=126
	not_found=127
	by_sigill=132
	by_sigkill=137
	by_sigsys=159
}

passed=0
failed=0
skipped=0
# shellcheck disable=SC2034 # of the last program, for those who source this
status=0

ok() {
	passed=$((passed + 1))
}

not_ok() {
	failed=$((failed + 1))
	echo "FAILED: $*"
}

skip() {
	if [ "${REQUIRE_KERNEL_TESTS-}" = 1 ]; then
		not_ok "$* (skipping is not allowed)"
	else
		skipped=$((skipped + 1))
		echo "skipped: $*"
	fi
}

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}
