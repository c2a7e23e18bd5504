#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Usage: run.sh [BUILD-DIRECTORY]
# Builds and tests execute_filtered() (src/inject/inject.h) on this kernel, as
# root and without rights if it can be both. The last line sums up; status 1 if
# anything failed. With REQUIRE_KERNEL_TESTS=1 a skipped test is a failed one.
# RUNS sets the length of the endurance test.
#
# shellcheck disable=SC2086 # $CC, $user and others are lists of words

set -u

# SIGTSTP has no effect in an orphaned process group (setpgid(2)), in which a
# runner without a terminal starts us. So make a group with a parent outside.
if [ -z "${TEST_GROUP-}" ]; then
	TEST_GROUP=1 exec perl -MPOSIX -e '
		my $pid = fork // die;
		if (!$pid) { setpgid(0, 0); exec @ARGV; die }
		waitpid($pid, 0);
		exit($? >> 8)' sh "$0" "$@"
fi
ulimit -c 0
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../../src" && pwd)
tables=$source/../../syscall-db/src/main/resources/io/sandbox/syscalldb
arch=$(uname -m)
built=${1:-$here/../../target/inject}
mkdir -p "$built" && built=$(cd "$built" && pwd) || exit 1
# A folder that a user without rights can use.
work=$(mktemp -d) && chmod 755 "$work" || exit 1
trap 'rm -rf "$work"' EXIT
CC=${CC:-cc}
warnings='-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror'
# shellcheck source=../count.sh
. "$here/../count.sh"

# --- Build.

# The numbers of all calls: { "name", of this machine, i386 }, -1 for none.
make_call_table() {
	awk -F, '
		FNR == 1 { files++ }
		!/^[0-9]/ { next }
		files == 1 { native[$2] = $1 }
		files == 2 { i386[$2] = $1 }
		{ names[$2] }
		END {
			for (n in names)
				printf "{ \"%s\", %s, %s },\n", n,
				    n in native ? native[n] : -1,
				    n in i386 ? i386[n] : -1
		}' "$tables/$arch.csv" "$tables/i386.csv" | sort
}

# build NAME COMMAND...: a target; one that cannot be built is left out.
build() {
	name=$1
	shift
	rm -f "$built/$name"
	"$@" -o "$built/$name" 2>"$work/build.log" || rm -f "$built/$name"
}

# What only x86_64 has; a call that other machines continue an interrupted one
# with (see avoid_restart_syscall); turns of a loop that take half a second.
i386_kinds=''
i386_registers=''
resume=restart_syscall
turns=600000000
if [ "$arch" = x86_64 ]; then
	i386_kinds='i386-static i386-dynamic i386-static-pie'
	i386_registers='registers-int80 registers-i386'
	resume=
	turns=1500000000
fi

make_call_table >"$built/calls.inc"
set -- "$source"/inject/*.c "$source"/process/*.c "$source"/*.c
# Variants for when no vDSO can be read, and when the kernel counts no filters.
# shellcheck disable=SC2089 # the quotes are C's
old='-DVDSO_LIMIT=0 -DFILTER_COUNT="None"'
for options in '' "$old"; do
	# shellcheck disable=SC2090
	$CC $warnings $options -O1 -g -I"$source" -I"$built" \
		-o "$built/driver${options:+-old}" "$here/driver.c" "$@" \
		-static -pthread ||
		{ echo '0 passed, 1 failed'; exit 1; }
done
cp "$built/driver" "$built/driver-new"

t=$here/targets
build static-glibc $CC -O2 -static "$t/hello.c"
build static-pie $CC -O2 -static-pie -fPIE "$t/hello.c"
build dynamic-pie $CC -O2 -pie -fPIE "$t/hello.c"
build dynamic-nopie $CC -O2 -no-pie -fno-pie "$t/hello.c"
build static-musl musl-gcc -O2 -static "$t/hello.c"
build dynamic-musl musl-gcc -O2 "$t/hello.c"
build i386-static $CC -m32 -O2 -static "$t/hello.c"
build i386-dynamic $CC -m32 -O2 "$t/hello.c"
build i386-static-pie $CC -m32 -O2 -static-pie -fPIE "$t/hello.c"
bare='-O1 -static -nostdlib -fno-pie -no-pie'
{
	build registers $CC $bare "$t/registers.c"
	build registers-int80 $CC $bare -DFIRST_BY_INT80 "$t/registers.c"
	build registers-i386 $CC -m32 $bare "$t/registers.c"
	build spin $CC $bare "$t/spin.c"
	build vsyscall $CC $bare "$t/vsyscall.c"
	build spin-a-while $CC $bare "-DSPIN_FOR=\"$turns\"" "$t/spin.c"
}
build state $CC -O2 "$t/state.c"
build state-static $CC -O2 -static "$t/state.c"
build vsyscall-dynamic $CC -DMAIN "$t/vsyscall.c"
build ids $CC -O2 -static "$t/ids.c"
build libconstructor.so $CC -O2 -shared -fPIC -pthread "$t/constructor.c"
# shellcheck disable=SC2016 # the dynamic linker expands it
build empty $CC -O2 "$t/empty.c" -L"$built" -lconstructor \
	-Wl,-rpath,'$ORIGIN'
cp "$built"/* "$work"
cd "$work" || exit 1
printf '#!/bin/sh\necho ran\n' >script
printf 'echo ran\n' >text
printf 'ran' >not-executable
chmod 755 script text
ln -s hello.sh loop

# --- Helpers.

user=
as_nobody='setpriv --reuid 65534 --regid 65534 --clear-groups
	--inh-caps=-all --bounding-set=-all'

# run COMMAND...: as $user; sets $status and fills out and err.
run() {
	{
		timeout -k 1 60 $user "$@" <&- >out 2>err
		status=$?
	} 2>/dev/null
	# Removes the shell's own message about a signal. Not by sed -i, which
	# makes a new file: what a listener writes at its end would go to the
	# old one.
	if grep -q '^Killed$\|^Bad system call$' err; then
		sed -i '/^Killed$/d; /^Bad system call$/d' err
	fi
}

# expect NAME STATUS [STDOUT]: of the last run; '*' is any output.
expect() {
	if [ "$status" -ne "$2" ]; then
		not_ok "$who: $1: status $status, not $2: $(head -c 300 err)"
	elif [ "${3-*}" != '*' ] && [ "$(cat out)" != "$3" ]; then
		not_ok "$who: $1: printed '$(head -c 300 out)', not '$3'"
	else
		ok
	fi
}

# starts NAME STATUS STDOUT OPTION... PROGRAM
starts() {
	start=$1
	wanted=$2
	output=$3
	shift 3
	run ./driver "$@"
	expect "$start" "$wanted" "$output"
}

# same_descriptors NAME: out has those of plain
same_descriptors() {
	grep '^fd' out | cmp -s - plain ||
		not_ok "$who: $1: descriptors differ: $(grep '^fd' out)"
	ok
}

# expect_line NAME PATTERN: stderr is one line that matches.
expect_line() {
	# shellcheck disable=SC2254 # a pattern
	case $(cat err) in
	$2) ok ;;
	*) not_ok "$who: $1: stderr '$(head -c 300 err)', not '$2'" ;;
	esac
	[ "$(wc -l <err)" -eq 1 ] || not_ok "$who: $1: not one line on stderr"
}

# The calls that a program makes after its execve, as strace sees them.
calls_of() {
	strace -qq -f -o trace "$@" >/dev/null 2>&1
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' trace | sed 1d | sort -u |
		tr '\n' ' '
}

# without NAME LIST...
without() {
	name=$1
	shift
	for call; do
		[ "$call" = "$name" ] || printf '%s ' "$call"
	done
}

# wait_for NAME COMMAND: until it succeeds; for 5 seconds.
wait_for() {
	name=$1
	shift
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ $tries -gt 100 ]; then
			not_ok "$who: $name: waited in vain"
			return 1
		fi
		sleep 0.05
	done
	return 0
}

field() {
	sed -n "s/^$2:[[:space:]]*\([^[:space:]]*\).*/\1/p" "/proc/$1/status" \
		2>/dev/null
}

is_traced() { [ "$(field "$1" TracerPid)" -gt 0 ] 2>/dev/null; }
is_running() { [ "$(readlink "/proc/$1/exe")" = "$work/$2" ]; }
is_stopped() { case $(field "$1" State) in [tT]) ;; *) false ;; esac; }
is_gone() { ! [ -e "/proc/$1" ]; }
is_over() { case $(field "$1" State) in Z | '') ;; *) false ;; esac; }

# --- The matrix: every kind of program, from execve and from its entry.

test_kind() {
	kind=$1
	if ! [ -x "$kind" ]; then
		skip "$kind: cannot be built here"
		return
	fi
	# shellcheck disable=SC2046 # lists of words
	{
		list=$(calls_of "./$kind")
		starts "$kind, exec" 0 ran -a "$list" "./$kind"
		# Not the call that comes after the output.
		for call in getpid $(set -- ${list#exit_group }; echo "$1"); do
			starts "$kind, exec, without $call" $by_sigsys '' \
				-a "$(without $call $list)" "./$kind"
		done
	}
	case $kind in
	*static*) entry=$list ;;
	*musl*) entry='set_tid_address getpid write exit_group' ;;
	*) entry='getpid write exit_group' ;;
	esac
	starts "$kind, entry" 0 ran -e -a "$entry" "./$kind"
	starts "$kind, entry, without getpid" $by_sigsys '' \
		-e -a "$(without getpid $entry)" "./$kind"
	case $kind in
	*static*) ;;
	*)
		starts "$kind, exec, with the list for entry" $by_sigsys '' \
			-a "$entry" "./$kind"
		;;
	esac
}

test_matrix() {
	for kind in static-glibc static-pie dynamic-pie dynamic-nopie \
		static-musl dynamic-musl $i386_kinds; do
		test_kind $kind
	done
}

test_scripts() {
	list=$(calls_of ./script)
	starts 'script' 0 ran -a "$list" ./script
	starts 'script, without write' $by_sigsys '' -a "$(without write $list)" ./script
	starts 'text file, for the shell' 0 ran -a "$list" -S ./text
	starts 'script, entry' 0 ran -e ./script
}

# Calls through the vsyscall page.
test_vsyscall() {
	[ "$arch" = x86_64 ] || return
	if ! grep -q '^[0-9a-f-]* ..x.* \[vsyscall\]$' /proc/self/maps; then
		skip 'no vsyscall page that can be executed'
		return
	fi
	starts 'vsyscall' 0 ran ./vsyscall
	asked 'vsyscall' 0 ran -l ./vsyscall
	starts 'vsyscall, allowed' 0 ran -a 'time write exit_group' ./vsyscall
	starts 'vsyscall, not allowed' $by_sigsys '' -a 'write exit_group' ./vsyscall
	starts 'vsyscall, entry, allowed' 0 ran \
		-e -a 'time write exit_group' ./vsyscall-dynamic
	starts 'vsyscall, entry, not allowed' $by_sigsys '' \
		-e -a 'write exit_group' ./vsyscall-dynamic
}

# --- The registers, memory and other state that a program starts with.

test_state() {
	for kind in registers $i386_registers; do
		if [ -x $kind ]; then
			starts "$kind" 0 '*' ./$kind
			starts "$kind, longest filter" 0 '*' -n 4096 ./$kind
			starts "$kind, signal blocked" 0 '*' -b 10 ./$kind
		else
			skip "$kind: cannot be built here"
		fi
	done
	for kind in state state-static; do
		for options in '' '-b 10' '-b 10 -B' '-b 17' '-i 17' '-i 13' \
			'-b 1 -B -i 2' '-t' '-s' '-D' '-e' '-e -b 17' \
			'-n 4096' '-n 4096 -e'; do
			compare_state "$kind" "$options"
		done
	done
	starts 'another filter before' 0 '*' -o ./state
	starts 'everything at once' 0 '*' -n 4096 -e -o -t -s ./state
}

compare_state() {
	run sh -c 'EXPECTED_PID=$$ exec "$@"' sh ./driver -p $2 "./$1" a 'b c'
	expect "$1, plain, $2" 0
	sed 's/^parent .* group/group/; s/group [0-9]*/group/' out >plain
	run sh -c 'EXPECTED_PID=$$ exec "$@"' sh ./driver $2 "./$1" a 'b c'
	expect "$1, filtered, $2" 0
	sed 's/^parent .* group/group/; s/group [0-9]*/group/' out >filtered
	if grep -q '^pid kept 1$' plain && diff plain filtered >difference; then
		ok
	else
		not_ok "$who: $1 '$2': the state differs: $(cat difference)"
	fi
}

test_descriptors() {
	$user sh -c './driver ./static-glibc >&- 2>&- <&-' 2>/dev/null
	status=$?
	: >err
	expect 'descriptors 0-2 closed' 1
	run sh -c './driver ./state 3</dev/null 7</dev/null >out2 && grep -c "^fd [37] /dev/null" out2'
	[ -n "$user" ] || expect 'descriptors stay' 0 2
}

# A script's file cannot be read, so the filter goes through the pipe.
test_unreadable() {
	[ -n "$user" ] || return
	list='getpid write exit_group'
	for kind in static-glibc dynamic-pie i386-static static-musl; do
		[ -x $kind ] || continue
		list=$(calls_of ./$kind)
		cp $kind closed
		chmod 711 closed
		starts "unreadable $kind" 0 ran -a "$list" ./closed
		starts "unreadable $kind, without getpid" $by_sigsys '' \
			-a "$(without getpid $list)" ./closed
		starts "unreadable $kind, longest filter" 0 ran -n 4096 ./closed
	done
	cp dynamic-pie closed
	killed 'unreadable, entry' 'driver: ./closed: *cannot be read*' -e ./closed
	cp state-static closed
	run ./driver -p ./closed
	grep '^fd' out >plain
	run ./driver ./closed
	same_descriptors 'unreadable'
	rm -f closed
}

test_small_stack() {
	for kind in static-glibc dynamic-pie registers; do
		for options in '-n 4096' '-n 4096 -e' ''; do
			run sh -c 'ulimit -s 24; exec "$@"' sh \
				./driver $options ./$kind
			expect "stack of 24 KiB, $kind $options" 0
		done
	done
}

test_set_user_id() {
	[ -n "$user" ] || return
	cp ids ids-set-user-id
	chmod 4755 ids-set-user-id
	run ./driver -p ./ids-set-user-id
	case $(cat out) in
	'65534 0 0 secure 1') ;;
	*)
		skip "set-user-ID has no effect in $work: $(cat out)"
		return
		;;
	esac
	# The program does not get the privilege, and AT_SECURE shows that.
	starts 'set-user-ID' 0 '65534 65534 65534 secure 1' ./ids-set-user-id
}

# --- Programs that cannot be executed or traced.

# refused NAME STATUS PATTERN OPTION... PROGRAM
refused() {
	pattern=$3
	first=$1
	with=$2
	shift 3
	starts "$first" "$with" clean "$@"
	expect_line "$first" "$pattern"
}

# killed NAME PATTERN OPTION... PROGRAM: the line says why
killed() {
	first=$1
	pattern=$2
	shift 2
	starts "$first" $by_sigkill '' "$@"
	expect_line "$first" "$pattern"
}

test_refusals() {
	for options in '' -e -t; do
		{
			refused 'no program' $not_found 'driver: ./none: not found' \
				$options ./none
			refused 'no execute bit' $not_executable '*not executable*' \
				$options ./not-executable
			refused 'directory' $not_executable '*not executable*' \
				$options /
			refused 'text file' $not_executable '*Exec format error' \
				$options ./text
		}
	done
	odd=$(printf 'o\033[31md\nd')
	refused 'name that a terminal obeys' $not_found 'driver: ./o[?][[]31md[?]d: *' \
		"./$odd"
	cp static-glibc "$odd"
	killed 'name that a terminal obeys, tracer' \
		'driver: ./o[?][[]31md[?]d: the kernel refuses the filter: *' -f "./$odd"
	rm "$odd"
	refused 'argument too long' $not_executable '*Argument list too long' \
		-x ./static-glibc
	refused 'ptrace refused by a filter' $own_failure '*seccomp*Operation not*' \
		-d ./static-glibc
	refused 'ptrace faked by a filter' $own_failure '*/proc shows no tracer*' \
		-z ptrace ./static-glibc
	killed 'seccomp faked by a filter' 'driver: ./static-glibc: *filter*' \
		-z seccomp ./static-glibc
	refused 'no such filter' $own_failure 'driver: a filter has 1 to 4096*' \
		-n 4097 ./static-glibc
	killed 'unknown flags' \
		'driver: ./static-glibc: the kernel refuses the filter: Invalid*' \
		-f ./static-glibc
	case $(uname -r) in
	# Such a filter ends the program without a last stop, as if somebody else
	# had killed it (seen on Linux 5.10, and on 6.1 no more).
	[1-4].* | 5.[0-9].* | 5.10.*)
		starts 'seccomp refused by a filter that kills' $by_sigsys '' -k ./static-glibc
		;;
	*)
		killed 'seccomp refused by a filter that kills' \
			'driver: ./static-glibc: a seccomp filter that is in force*' \
			-k ./static-glibc
		;;
	esac
	run strace -qq -f -o /dev/null ./driver ./static-glibc
	expect 'traced already' $own_failure clean
	expect_line 'traced already' '*process [0-9]* traces it already*'
	run sh -c 'ulimit -n 5; exec ./driver ./static-glibc'
	expect 'no descriptors' $own_failure
	if [ -n "$user" ]; then
		run prlimit --nproc=0 ./driver ./static-glibc
		expect 'no processes' $own_failure clean
	fi
}

# --- Events while the program is traced.

# start_traced PROGRAM: in the background; sets $pid
start_traced() {
	$user ./driver "$@" >out 2>err &
	pid=$!
	# shellcheck disable=SC2154
	wait_for "start of $1" is_running $pid "$(basename "$1")" &&
		wait_for "tracer of $1" is_traced $pid
}

# Sets the status with which the background process ended.
end_of() {
	wait_for 'end of the program' is_over "$1" || kill -KILL "$1"
	{
		wait "$1"
		status=$?
	} 2>/dev/null
}

test_signals() {
	start_traced ./spin
	kill -TERM $pid
	end_of $pid
	expect 'SIGTERM before the first call' 143
	start_traced ./spin
	tracer=$(field $pid TracerPid)
	kill -KILL "$tracer"
	end_of $pid
	expect 'tracer killed' $by_sigkill
	start_traced ./spin
	tracer=$(field $pid TracerPid)
	kill -KILL $pid
	end_of $pid
	expect 'killed before the first call' $by_sigkill
	wait_for 'tracer ends with its target' is_gone "$tracer"
	for signal in STOP TSTP; do
		start_traced ./spin-a-while
		kill -$signal $pid
		wait_for "stopped by $signal" is_stopped $pid
		sleep 0.2
		is_stopped $pid && ok || not_ok "$who: does not stay stopped"
		kill -CONT $pid
		end_of $pid
		expect "stopped by $signal and continued" 0
	done
	start_traced ./spin-a-while
	for signal in CHLD WINCH URG CONT CHLD; do
		kill -$signal $pid
	done
	end_of $pid
	expect 'ignored signals' 0
	# At the end the filter is in force, despite stops.
	$user ./driver -a exit_group ./spin-a-while >out 2>err &
	pid=$!
	sleep 0.1
	kill -STOP $pid
	sleep 0.1
	kill -CONT $pid
	end_of $pid
	expect 'filtered after a stop' $by_sigsys
}

# --- A filter that asks.

# asked NAME STATUS STDOUT -l OPTION... PROGRAM: also checks that calls were asked
# about.
asked() {
	starts "$@"
	wait_for "$1: the listener's end" grep -q '^asked' err
	case $(cat err) in
	'asked 0') not_ok "$who: $1: no call was asked about" ;;
	'asked '*) ok ;;
	*) not_ok "$who: $1: stderr '$(head -c 300 err)'" ;;
	esac
}

test_listener() {
	for kind in static-glibc static-pie dynamic-pie static-musl \
		dynamic-musl i386-static i386-dynamic script; do
		[ -x $kind ] || continue
		for options in '' -e; do
			asked "listener, $kind $options" 0 ran -l $options ./$kind
		done
	done
	export CONSTRUCTOR=threads
	asked 'listener, threads' 0 main -l -e ./empty
	CONSTRUCTOR="sleep"
	asked 'listener, sleep' 0 'main
thread done' -l -e ./empty
	unset CONSTRUCTOR
	run ./driver -p ./state
	grep '^fd' out >plain
	asked 'listener, state' 0 '*' -l ./state
	same_descriptors 'listener'
	if [ -n "$user" ]; then
		cp static-glibc closed
		chmod 711 closed
		starts 'listener, unreadable' $by_sigkill '*' -l ./closed
		case $(cat err) in
		*'cannot take the filter'*) ok ;;
		*) not_ok "$who: listener, unreadable: $(cat err)" ;;
		esac
		rm -f closed
	fi
}

# --- The entry point: threads and processes that constructors make.

# constructed WHAT STATUS STDOUT OPTION...: what the constructor does, and the rest
constructed() {
	what=$1
	shift
	CONSTRUCTOR=$what starts "constructor: $what" "$@" ./empty
}

test_constructors() {
	list='write exit_group'
	both='main
thread done'
	constructed '' 0 main -e -a "$list"
	constructed thread 0 "$both" -e
	# The thread's call is not allowed.
	constructed thread $by_sigsys main -e -a "$list"
	# The call is interrupted and continued, on x86_64 without
	# restart_syscall.
	constructed sleep 0 "$both" -e -a "$list nanosleep $resume"
	# The filter kills it just when the tracer ends.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		constructed sleep $by_sigsys '*' -e -a "$list"
	done
	for what in threads exec signals; do
		constructed $what 0 main -e \
			-a "$list exit madvise munmap rt_sigprocmask futex set_robust_list rseq"
	done
	# root may trace any process.
	[ -z "$user" ] || constructed tracer 0 'the tracer is closed
main' -e
	constructed exit 5 '' -e -a "$list"
	for what in fork vfork clone thread-fork; do
		constructed $what $by_sigkill '' -e
		sleep 0.4
		[ ! -s out ] && ok || not_ok "$who: $what: a child lives"
		expect_line "$what" 'driver: ./empty: forked a process*'
	done
	for what in fork vfork clone thread-fork; do
		constructed $what 0 '*'
	done
	# The children write to a file that the next test uses.
	sleep 0.5
}

# --- Namespaces: process 1, and /proc that hides processes.

test_namespaces() {
	[ -z "$user" ] || return
	if ! unshare --mount --pid --fork --mount-proc true 2>/dev/null; then
		skip 'namespaces: none to be had'
		return
	fi
	for options in '' -e; do
		run unshare --mount --pid --fork --mount-proc \
			./driver $options ./dynamic-pie
		expect "process 1 $options" 0 ran
		# /proc belongs to another namespace than the process.
		run unshare --pid --fork ./driver $options ./dynamic-pie
		expect "/proc of another namespace $options" 0 ran
	done
	cp static-glibc closed
	chmod 711 closed
	# shellcheck disable=SC2016
	run unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc &&
		exec "$@"' sh $as_nobody ./driver ./closed
	expect 'unreadable, /proc with hidepid' 0 ran
	run unshare --mount sh -c 'umount -l /proc && exec ./driver ./state'
	expect 'no /proc' $own_failure
}

# RUNS programs, one after another and eight at a time.
test_endurance() {
	runs=${RUNS:-500}
	run sh -c "seq $runs | xargs -I% ./driver ./static-glibc"
	expect "$runs runs" 0
	runs=$((runs / 4))
	run sh -c "seq $runs | xargs -I% ./driver -e ./dynamic-pie"
	expect "$runs runs, entry" 0
	run sh -c "seq $runs | xargs -P 8 -I% ./driver -s ./dynamic-pie"
	expect "$runs runs, eight at a time" 0
}

# use_driver new|old
use_driver() {
	cp "driver-$1" driver
}

test_all() {
	use_driver old
	test_matrix
	test_state
	test_refusals
	test_signals
	test_constructors
	use_driver new
	test_matrix
	test_vsyscall
	test_scripts
	test_state
	test_descriptors
	test_unreadable
	test_small_stack
	test_set_user_id
	test_refusals
	test_listener
	test_constructors
	test_namespaces
	test_endurance
}

if ! command -v strace >/dev/null; then
	skip 'no strace: it makes the lists'
	finish
fi
who=$(id -un)
chmod 777 "$work"
test_all
if [ "$(id -u)" -eq 0 ]; then
	rm -f out err
	user=$as_nobody
	who=nobody
	if $user true 2>/dev/null; then
		test_all
	else
		skip 'cannot run anything without rights: no setpriv'
	fi
else
	skip 'not root: only as this user'
fi
finish
