#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Usage: live_test.sh DIRECTORY LIBRARY
# Tests libsandbox.so on this kernel, in the programs of tests/targets.

set -u
ulimit -c 0
bin=$(cd "$1" && pwd)
lib=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
unset LD_PRELOAD SECCOMP_SYSCALL_ALLOW SECCOMP_SYSCALL_DENY
unset SECCOMP_DEFAULT_ACTION SECCOMP_QUIET SECCOMP_LOG_DENIALS
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# shellcheck source=count.sh
. "$(dirname "$0")/count.sh"

# run COMMAND...: sets $status and fills $work/out and $work/err. A shell
# reports a fatal signal on its own stderr, hence the outer redirection.
run() {
	{
		timeout -k 1 30 "$@" <&- >"$work/out" 2>"$work/err"
		status=$?
	} 2>/dev/null
}

# sandboxed [NAME=VALUE...] PROGRAM [ARGUMENT...]
sandboxed() {
	run env LD_PRELOAD="$lib" "$@"
}

# expect NAME STATUS [STDOUT]: of the last run.
expect() {
	if [ "$status" -ne "$2" ]; then
		not_ok "$1: status $status, not $2: $(head -c 300 "$work/err")"
	elif [ $# -gt 2 ] && [ "$(cat "$work/out")" != "$3" ]; then
		not_ok "$1: printed '$(head -c 300 "$work/out")', not '$3'"
	else
		ok
	fi
}

# expect_stderr NAME TEXT: exactly this on stderr.
expect_stderr() {
	if [ "$(cat "$work/err")" = "$2" ]; then
		ok
	else
		not_ok "$1: stderr '$(head -c 300 "$work/err")', not '$2'"
	fi
}

# refused NAME REASON [NAME=VALUE...]: status 125, one line that begins
# with the reason, and main is not reached.
refused() {
	name=$1
	reason=$2
	shift 2
	sandboxed "$@" "$bin/hello"
	expect "$name" $own_failure ''
	case $(cat "$work/err") in
	"libsandbox: $reason"*) ok ;;
	*) not_ok "$name: stderr '$(head -c 300 "$work/err")'" ;;
	esac
	if [ "$(wc -l <"$work/err")" -eq 1 ]; then
		ok
	else
		not_ok "$name: not one line on stderr"
	fi
}

q=SECCOMP_QUIET=1
arch=$(uname -m)
table=$(dirname "$0")/../../syscall-db/src/main/resources/io/sandbox/syscalldb/$arch.csv

# number NAME: on this machine.
number() {
	sed -n "s/^\([0-9]*\),$1,.*/\1/p" "$table"
}
getppid=$(number getppid)
pread64=$(number pread64)

# The call by which stdio inspects its output: newfstatat in glibc 2.33 to 2.38.
fstat=fstat
sandboxed SECCOMP_SYSCALL_ALLOW=exit_group:fstat:write $q "$bin/hello"
[ "$status" -eq 0 ] || fstat=newfstatat
base=exit_group:$fstat:write

# --- The program of the README, and without each of its calls.

sandboxed SECCOMP_SYSCALL_ALLOW=$base $q "$bin/hello"
expect hello 0 hello
expect_stderr hello ''
for without in $fstat:write exit_group:write exit_group:$fstat ''; do
	sandboxed "SECCOMP_SYSCALL_ALLOW=$without" $q "$bin/hello"
	expect "hello with '$without'" $by_sigsys
done
sandboxed "$bin/hello"
expect 'no list' 0 hello
expect_stderr 'no list' ''
sandboxed SECCOMP_SYSCALL_DENY= $q "$bin/hello"
expect 'empty deny list' 0 hello

# --- Default actions.

sandboxed SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=kill $q \
	"$bin/call" "$getppid"
expect kill $by_sigsys
sandboxed SECCOMP_SYSCALL_DENY=getppid $q "$bin/thread_dies"
expect 'kill ends the whole process' $by_sigsys
sandboxed SECCOMP_SYSCALL_DENY=getppid SECCOMP_DEFAULT_ACTION=kill_thread $q \
	"$bin/thread_dies"
expect 'kill_thread ends the thread' 0 alive
sandboxed SECCOMP_SYSCALL_DENY=getppid SECCOMP_DEFAULT_ACTION=trap $q "$bin/trap"
expect 'trap reaches the handler' 0 "$getppid"
sandboxed SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=trap $q \
	"$bin/call" "$getppid"
expect 'trap without handler' $by_sigsys
for action in errno=1 errno:ENOSYS=38 errno:13=13 errno:0xd=13 \
	errno:4095=4095 errno:4094=4094 errno:EHWPOISON=133; do
	sandboxed SECCOMP_SYSCALL_ALLOW=$base $q \
		SECCOMP_DEFAULT_ACTION="${action%=*}" "$bin/call" "$getppid"
	expect "$action" 0 "${action#*=}"
	sandboxed SECCOMP_SYSCALL_DENY=getppid $q \
		SECCOMP_DEFAULT_ACTION="${action%=*}" "$bin/call" "$getppid"
	expect "$action, deny list" 0 "${action#*=}"
done
sandboxed SECCOMP_SYSCALL_ALLOW= SECCOMP_DEFAULT_ACTION=log $q \
	"$bin/call" "$getppid"
expect 'log lets the call pass' 0 ok
sandboxed SECCOMP_SYSCALL_DENY=getppid:write SECCOMP_DEFAULT_ACTION=log $q \
	"$bin/call" "$getppid"
expect 'log lets the call pass, deny list' 0 ok

# --- Deny list, and which list counts.

sandboxed SECCOMP_SYSCALL_DENY=getppid $q "$bin/call" "$getppid"
expect 'denied call' $by_sigsys
sandboxed SECCOMP_SYSCALL_DENY=getppid $q "$bin/call" "$(number getpid)"
expect 'neighbour of the denied call' 0 ok
sandboxed SECCOMP_SYSCALL_ALLOW=$base SECCOMP_SYSCALL_DENY=write $q "$bin/hello"
expect 'the allow list counts' 0 hello
sandboxed SECCOMP_SYSCALL_ALLOW= SECCOMP_SYSCALL_DENY=getppid $q "$bin/hello"
expect 'an empty allow list counts' $by_sigsys

# --- Entries: aliases, numbers, conditions. 118 is ENOTNAM.

# verdict ENTRIES EXPECTED NUMBER [ARGUMENT...]
verdict() {
	entries=$1
	expected=$2
	shift 2
	sandboxed SECCOMP_SYSCALL_ALLOW="$base:$entries" $q \
		SECCOMP_DEFAULT_ACTION=errno:ENOTNAM "$bin/call" "$@"
	expect "$entries: $*" 0 "$expected"
}

verdict pread64 9 "$pread64" -1
verdict pread 9 "$pread64" -1
verdict "$pread64" 9 "$pread64" -1
verdict "$(printf '%#x' "$pread64")" 9 "$pread64" -1
verdict pwrite64 118 "$pread64" -1
verdict "$getppid" ok "$getppid"
verdict 462 118 463
verdict 1000000 38 1000000
verdict 1000000 118 1000001
verdict 0x3fffffff 38 0x3fffffff
verdict '::getppid::' ok "$getppid"
verdict "getppid:getppid:$getppid" ok "$getppid"
# Names that libseccomp 2.5 does not know.
verdict getppid:cachestat:mseal ok "$getppid"

big=0x123456789abcdef0
max=18446744073709551615
while read -r condition value outcome; do
	verdict "getppid($condition)" "$outcome" "$getppid" "$value"
done <<END
arg0==5 5 ok
arg0==5 6 118
arg0==5 0x100000005 118
arg0!=5 5 118
arg0!=5 6 ok
arg0!=5 0x100000005 ok
arg0<5 4 ok
arg0<5 5 118
arg0<5 0x100000004 118
arg0<=5 5 ok
arg0<=5 6 118
arg0>5 5 118
arg0>5 6 ok
arg0>5 0x100000000 ok
arg0>=5 4 118
arg0>=5 5 ok
arg0==$big $big ok
arg0==$big 0x123456799abcdef0 118
arg0<$big 0x123456789abcdeef ok
arg0<$big $big 118
arg0>$big 0x123456789abcdef1 ok
arg0>$big 0x223456789abcdeef ok
arg0>$big 0x023456789abcdef1 118
arg0==$max -1 ok
arg0==4294967295 -1 118
arg0&0xffffffff==0xffffffff -1 ok
arg0&0xffffffff==0xffffffff 4294967295 ok
arg0>9223372036854775807 -5 ok
arg0<0 0 118
arg0>=0 -1 ok
arg0>$max -1 118
arg0<=$max -1 ok
arg0&0xf==2 2 ok
arg0&0xf==2 0x12 ok
arg0&0xf==2 3 118
arg0&0xf00000000==0x200000000 0x1234567200000000 ok
arg0&0xf00000000==0x200000000 0x2 118
arg0&0==0 77 ok
END

verdict 'getppid(arg5==6)' ok "$getppid" 1 2 3 4 5 6
verdict 'getppid(arg0==1,arg1==2,arg2==3,arg3==4,arg4==5,arg5==6)' ok \
	"$getppid" 1 2 3 4 5 6
verdict 'getppid(arg0==1,arg1==2,arg2==3,arg3==4,arg4==5,arg5==6)' 118 \
	"$getppid" 1 2 3 4 5 7
verdict 'getppid(arg0==1,arg1==2)' 118 "$getppid" 1 3
verdict 'getppid(arg0==1):getppid(arg0==2)' ok "$getppid" 1
verdict 'getppid(arg0==1):getppid(arg0==2)' ok "$getppid" 2
verdict 'getppid(arg0==1):getppid(arg0==2)' 118 "$getppid" 3
verdict 'getppid(arg0==1):getppid' ok "$getppid" 3
verdict 'getppid:getppid(arg0==1)' ok "$getppid" 3
verdict "getppid(arg0==1):$getppid:getppid(arg0==2)" ok "$getppid" 3
# libseccomp by itself allows this one.
verdict 'getppid(arg2<0xfffffffe):getppid(arg2>=0x8000000000000000)' 118 \
	"$getppid" 0 0 0xffffffff
sandboxed SECCOMP_SYSCALL_DENY='getppid(arg0==1):getppid(arg1==1)' $q \
	SECCOMP_DEFAULT_ACTION=errno:ENOTNAM "$bin/call" "$getppid" 0 1
expect 'conditions in a deny list, listed' 0 118
sandboxed SECCOMP_SYSCALL_DENY='getppid(arg0==1):getppid(arg1==1)' $q \
	SECCOMP_DEFAULT_ACTION=errno:ENOTNAM "$bin/call" "$getppid" 0 0
expect 'conditions in a deny list, not listed' 0 ok
if [ "$arch" = x86_64 ]; then
	# The x32 form of getppid kills, and passes in log.
	sandboxed SECCOMP_SYSCALL_DENY=getpid SECCOMP_DEFAULT_ACTION=errno $q \
		"$bin/call" 0x4000006e
	expect 'x32 call' $by_sigsys
	sandboxed SECCOMP_SYSCALL_DENY=getpid SECCOMP_DEFAULT_ACTION=log $q \
		"$bin/call" 0x4000006e
	[ "$(cat "$work/out")" = 38 ] || echo ok >"$work/out" # CONFIG_X86_X32
	expect 'x32 call in log' 0
fi

# --- Threads started before the library.

sandboxed SECCOMP_SYSCALL_DENY=getppid SECCOMP_DEFAULT_ACTION=errno:ENOTNAM $q \
	"$bin/threads"
expect 'early thread is filtered' 0 '118 118'
run "$bin/threads"
expect 'early thread without library' 0 '0 0'
sandboxed SECCOMP_SYSCALL_DENY=getppid $q "$bin/threads_foreign"
expect 'thread with a filter of its own' $own_failure ''
case $(cat "$work/err") in
'libsandbox: seccomp: another filter is already on thread '[1-9]*) ok ;;
*) not_ok "thread with a filter of its own: $(cat "$work/err")" ;;
esac

# --- Loaded as a dependency, and found by search.

if command -v patchelf >/dev/null; then
	cp "$bin/hello" "$bin/show_env" "$work"
	# One after the other: patchelf 0.14 mixes them up.
	patchelf --set-rpath "$(dirname "$lib")" "$work/hello" "$work/show_env"
	patchelf --add-needed libsandbox.so "$work/hello" "$work/show_env"
	run env SECCOMP_SYSCALL_ALLOW=$base $q "$work/hello"
	expect 'patchelf' 0 hello
	run env SECCOMP_SYSCALL_ALLOW=exit_group:$fstat $q "$work/hello"
	expect 'patchelf, call taken away' $by_sigsys
	run env SECCOMP_SYSCALL_ALLOW=nonsense "$work/hello"
	expect 'patchelf, mistake' $own_failure ''
	run "$work/hello"
	expect 'patchelf, no list' 0 hello
	run env -i SECCOMP_SYSCALL_ALLOW=$base $q LD_PRELOAD="$bin/other.so" \
		"$work/show_env"
	expect 'patchelf, environment' 0 "LD_PRELOAD=$bin/other.so"
	sandboxed SECCOMP_SYSCALL_ALLOW=$base $q "$work/hello"
	expect 'patchelf and LD_PRELOAD' 0 hello
else
	skip 'patchelf is not installed'
fi
run env LD_LIBRARY_PATH="$(dirname "$lib")" LD_PRELOAD=libsandbox.so \
	SECCOMP_SYSCALL_ALLOW=$base $q "$bin/hello"
expect 'by name alone' 0 hello

# --- What the program sees of its environment.

all="SECCOMP_SYSCALL_ALLOW=$base SECCOMP_SYSCALL_DENY=read $q
SECCOMP_DEFAULT_ACTION=kill SECCOMP_LOG_DENIALS=1"
# shellcheck disable=SC2086 # words
run env -i A=1 LD_PRELOAD="$lib" $all B=2 "$bin/show_env"
expect 'environment is clean' 0 'A=1
B=2'
# shellcheck disable=SC2086
run "$bin/exec_env" A=1 $all LD_PRELOAD="$lib" $all LD_PRELOAD="$lib" B=2 \
	-- "$bin/show_env"
expect 'copies are removed' 0 'A=1
B=2'
run "$bin/exec_env" SECCOMP_SYSCALL_ALLOW=read LD_PRELOAD="$lib" \
	SECCOMP_SYSCALL_ALLOW=write -- "$bin/hello"
expect 'different copies' $own_failure ''
expect_stderr 'different copies' \
	'libsandbox: SECCOMP_SYSCALL_ALLOW: write: set twice, and differently'
for form in "$lib:$bin/other.so" "$bin/other.so:$lib" "$lib $bin/other.so" \
	"$bin/other.so $lib" "$lib:$bin/other.so:$lib"; do
	run env -i LD_PRELOAD="$form" SECCOMP_SYSCALL_ALLOW=$base $q \
		"$bin/show_env"
	expect "LD_PRELOAD=$form" 0 "LD_PRELOAD=$bin/other.so"
done
run env -i LD_LIBRARY_PATH="$(dirname "$lib")" LD_PRELOAD=libsandbox.so \
	SECCOMP_SYSCALL_ALLOW=$base $q "$bin/show_env"
expect 'LD_PRELOAD by name alone' 0 "LD_LIBRARY_PATH=$(dirname "$lib")"
run env -i LD_PRELOAD="$lib" A=1 SECCOMP_QUIET=1 "$bin/show_env"
expect 'LD_PRELOAD stays without a list' 0 "LD_PRELOAD=$lib
A=1"
run env -i LD_PRELOAD="$lib" A=1 SECCOMP_SYSCALL_DENY=getppid $q \
	"$bin/show_env" "$bin/show_env"
expect 'environment of a child' 0 A=1
run env -i A=1 LD_PRELOAD="$lib" SECCOMP_SYSCALL_DENY=write $q \
	"$bin/show_env" "$bin/show_env"
expect 'a child has the filter' $by_sigsys

# --- What the program sees of its other state.

run "$bin/state"
cp "$work/out" "$work/plain"
for quiet in 0 1; do
	sandboxed SECCOMP_SYSCALL_DENY=getppid SECCOMP_QUIET=$quiet "$bin/state"
	expect "errno, signals, descriptors, quiet $quiet" 0 \
		"$(cat "$work/plain")"
	run "$bin/exec_env" broken LD_PRELOAD="$lib" SECCOMP_QUIET=$quiet \
		SECCOMP_SYSCALL_DENY=getppid -- "$bin/state"
	grep -v '^fd' "$work/plain" >"$work/plain_no_fd"
	grep -v '^fd' "$work/out" >"$work/out_no_fd"
	cp "$work/out_no_fd" "$work/out"
	expect "the same, broken stderr, quiet $quiet" 0 \
		"$(cat "$work/plain_no_fd")"
done

# --- The heap does not depend on the list.

names=$(sed -n 's/^[0-9]*,\([^,]*\),.*/\1/p' "$table" | head -n 300 | paste -sd: -)
[ "$(echo "$names" | tr : '\n' | wc -l)" -eq 300 ] || not_ok '300 names'
heap_allow=$base:brk:mmap:munmap
if setarch -R true 2>/dev/null; then
	# The sizes of the environment differ, so the stack is not compared.
	run setarch -R env LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW= $q \
		SECCOMP_DEFAULT_ACTION=log "$bin/heap"
	expect 'heap, learning' 0
	cp "$work/out" "$work/heap"
	for list in "$heap_allow" "$heap_allow:$names" \
		"$heap_allow:$(seq -f 'read(arg0==%g)' 1 300 | paste -sd: -)"; do
		for quiet in 0 1; do
			run setarch -R env LD_PRELOAD="$lib" \
				SECCOMP_SYSCALL_ALLOW="$list" \
				SECCOMP_QUIET=$quiet "$bin/heap"
			expect "heap, list of ${#list} bytes, quiet $quiet" 0 \
				"$(cat "$work/heap")"
		done
	done
else
	skip 'setarch -R is not possible'
fi

# --- What runs before the library: here a filter that refuses it prctl, and
# one that swallows its messages.

prctl=$(printf %x "$(number prctl)")
sandboxed SECCOMP_SYSCALL_DENY=4000 $q OUTER="$prctl:ffffffff:50001" \
	"$bin/judged"
expect "the program's .preinit_array" $own_failure ''
sandboxed SECCOMP_SYSCALL_DENY=4000 $q SECCOMP_DEFAULT_ACTION=errno:77 \
	"$bin/judged"
expect 'without .preinit_array' $by_sigill ''
write=$(printf %x "$(number write)")
sandboxed SECCOMP_SYSCALL_DENY=nonsense OUTER="$write:ffffffff:50000" \
	"$bin/judged"
expect 'messages that are swallowed' $own_failure ''

# --- Messages.

sandboxed SECCOMP_SYSCALL_ALLOW="$base:0x3:pread(arg0==1):write" "$bin/hello"
expect 'messages' 0 hello
expect_stderr 'messages' "adding exit_group to the process seccomp filter
adding $fstat to the process seccomp filter
adding write to the process seccomp filter
adding 0x3 to the process seccomp filter
adding pread to the process seccomp filter
adding write to the process seccomp filter"
for off in '' 0; do
	sandboxed SECCOMP_SYSCALL_ALLOW=$base SECCOMP_QUIET=$off "$bin/hello"
	[ "$(wc -l <"$work/err")" -eq 3 ] && ok || not_ok "SECCOMP_QUIET='$off'"
done
sandboxed SECCOMP_SYSCALL_DENY=getppid "$bin/hello"
expect_stderr 'messages, deny list' \
	'adding getppid to the process seccomp filter'
sandboxed SECCOMP_DEFAULT_ACTION=errno "$bin/hello"
expect 'action without list' 0 hello
expect_stderr 'action without list' 'libsandbox: SECCOMP_DEFAULT_ACTION: no filter, because neither SECCOMP_SYSCALL_ALLOW nor SECCOMP_SYSCALL_DENY is set'
for kind in broken full full-nonblocking; do
	run "$bin/exec_env" $kind LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW=$base \
		-- "$bin/hello"
	expect "stderr $kind" 0 hello
	run "$bin/exec_env" $kind LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW=x \
		-- "$bin/hello"
	expect "stderr $kind, mistake" $own_failure ''
done
run sh -c 'exec "$@" 2>&-' sh env LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW=$base \
	"$bin/hello"
expect 'stderr closed' 0 hello
run sh -c 'exec "$@" 2>&-' sh env LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW=x \
	"$bin/hello"
expect 'stderr closed, mistake' $own_failure ''
run sh -c 'ulimit -f 0; exec "$@"' sh env LD_PRELOAD="$lib" \
	SECCOMP_SYSCALL_ALLOW=x "$bin/hello"
expect 'stderr is a file at its limit, mistake' $own_failure ''
run prlimit --nofile=3 env LD_PRELOAD="$lib" SECCOMP_SYSCALL_ALLOW=$base \
	"$bin/hello"
expect 'three descriptors' 0 hello

# --- Mistakes. The vectors have the grammar; here is where each kind ends.

refused 'unknown name' 'SECCOMP_SYSCALL_ALLOW: nonsense: unknown system call' \
	SECCOMP_SYSCALL_ALLOW=$base:nonsense
refused 'unknown name, deny list' \
	'SECCOMP_SYSCALL_DENY: nonsense: unknown system call' \
	SECCOMP_SYSCALL_DENY=nonsense
refused 'unknown name, log' 'SECCOMP_SYSCALL_ALLOW: nonsense: unknown' \
	SECCOMP_SYSCALL_ALLOW=nonsense SECCOMP_DEFAULT_ACTION=log
refused 'name of another arch' \
	"SECCOMP_SYSCALL_ALLOW: socketcall: does not exist on $arch" \
	SECCOMP_SYSCALL_ALLOW=$base:socketcall
refused 'syntax' \
	'SECCOMP_SYSCALL_ALLOW: read(arg9==1): a condition begins with arg0 to arg5, at byte 13' \
	"SECCOMP_SYSCALL_ALLOW=exit:read(arg9==1)"
refused 'space' 'SECCOMP_SYSCALL_ALLOW: write fstat: unexpected character' \
	"SECCOMP_SYSCALL_ALLOW=write fstat"
refused 'control bytes' 'SECCOMP_SYSCALL_ALLOW: \x1b[31m\x0a\xff\x5c: neither' \
	"$(printf 'SECCOMP_SYSCALL_ALLOW=\033[31m\n\377\\:read')"
refused 'long value' 'SECCOMP_SYSCALL_ALLOW: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: unknown' \
	SECCOMP_SYSCALL_ALLOW="$(printf '%0500d' 0 | tr 0 a)"
refused 'x32 number' 'SECCOMP_SYSCALL_ALLOW: 0x40000000: system call number of the x32 ABI' \
	SECCOMP_SYSCALL_ALLOW=0x40000000
refused 'large number' 'SECCOMP_SYSCALL_ALLOW: 4294967297: number too large' \
	SECCOMP_SYSCALL_ALLOW=4294967297
refused 'action' 'SECCOMP_DEFAULT_ACTION: allow: not one of' \
	SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=allow
refused 'empty action' 'SECCOMP_DEFAULT_ACTION: "": not one of' \
	SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=
refused 'action without list' 'SECCOMP_DEFAULT_ACTION: Kill: not one of' \
	SECCOMP_DEFAULT_ACTION=Kill
refused 'errno' 'SECCOMP_DEFAULT_ACTION: errno:EFOO: unknown errno name' \
	SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=errno:EFOO
refused 'errno 0' 'SECCOMP_DEFAULT_ACTION: errno:0: errno is not in' \
	SECCOMP_SYSCALL_ALLOW=$base SECCOMP_DEFAULT_ACTION=errno:0
for switch in SECCOMP_QUIET SECCOMP_LOG_DENIALS; do
	for value in 2 yes 01 ' 1' '1 ' true; do
		refused "$switch" "$switch: $value: neither 1 (on)" \
			SECCOMP_SYSCALL_ALLOW=$base "$switch=$value"
	done
done
refused 'too many rules' \
	'SECCOMP_SYSCALL_ALLOW: 1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22:23:...: more than the 4096 instructions' \
	SECCOMP_SYSCALL_ALLOW="$(seq 1 6000 | paste -sd: -)"
refused 'too many conditions' \
	'SECCOMP_SYSCALL_ALLOW: ' \
	SECCOMP_SYSCALL_ALLOW="$(seq -f 'read(arg0==%g)' 1 5000 | paste -sd: -)"

# --- Large lists; a variable may have 128 KiB (MAX_ARG_STRLEN, execve(2)).

sandboxed SECCOMP_SYSCALL_ALLOW="$base:$names" $q "$bin/hello"
expect '300 names' 0 hello
sandboxed SECCOMP_SYSCALL_ALLOW="$base:$(printf '%065000d' 0 | sed 's/0/0:/g')" \
	$q "$bin/hello"
expect '65000 entries' 0 hello
sandboxed SECCOMP_SYSCALL_ALLOW="$(printf '%0100000d' 0 | tr 0 :)$base" $q \
	"$bin/hello"
expect '100000 empty entries' 0 hello
sandboxed SECCOMP_SYSCALL_ALLOW="$base:$(printf '%0120000d' 0 | tr 0 1)" $q \
	"$bin/hello"
expect 'a number of 120000 digits' $own_failure ''
sandboxed SECCOMP_SYSCALL_ALLOW="$base:$(seq 500 3500 | paste -sd: -)" $q \
	"$bin/call" 3500
expect '3000 numbers' 0 38
sandboxed SECCOMP_SYSCALL_ALLOW="$base:$(seq -f 'getppid(arg0==%g)' 1 700 |
	paste -sd: -)" $q "$bin/call" "$getppid" 700
expect '700 alternatives' 0 ok

# --- Foreign architecture.

if [ -x "$bin/helper32" ] && "$bin/helper32" >/dev/null 2>&1; then
	sandboxed SECCOMP_SYSCALL_ALLOW= SECCOMP_DEFAULT_ACTION=log $q \
		"$bin/show_env" "$bin/helper32"
	expect 'i386 helper, log' 0 i386
	for action in kill kill_thread trap errno; do
		sandboxed SECCOMP_SYSCALL_DENY=getppid $q \
			SECCOMP_DEFAULT_ACTION=$action "$bin/show_env" \
			"$bin/helper32"
		expect "i386 helper, $action" $by_sigsys ''
	done
else
	skip 'no i386 programs here (gcc-multilib, CONFIG_IA32_EMULATION)'
fi

# --- The log flag: SECCOMP_FILTER_FLAG_LOG is 2.

run "$bin/filter_flags" LD_PRELOAD="$lib" SECCOMP_SYSCALL_DENY=getppid $q
not_told=77 # as the program has it
if [ "$status" -eq $not_told ]; then
	skip 'flags of a filter cannot be read (CAP_SYS_ADMIN, checkpoint)'
else
	expect 'no log flag' 0 0
	run "$bin/filter_flags" LD_PRELOAD="$lib" SECCOMP_SYSCALL_DENY=getppid \
		$q SECCOMP_LOG_DENIALS=1
	expect 'log flag' 0 2
fi

# --- The library as a file.

[ -z "$(nm -D --defined-only "$lib")" ] && ok ||
	not_ok "exported: $(nm -D --defined-only "$lib")"
readelf -d "$lib" | grep NEEDED | grep -qv 'libc\.so\|libdl\.so\|ld-linux' &&
	not_ok 'needs more than libc' || ok
readelf -d "$lib" | grep -q BIND_NOW && ok || not_ok 'not bound at start'

finish
