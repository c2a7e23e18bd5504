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
table=$(cd "$(dirname "$0")/../.." && pwd)/syscall-db/src/main/resources/io/sandbox/syscalldb/$(uname -m).csv
cases=$(cd "$(dirname "$0")" && pwd)/vectors/live.tsv
programs=${cases%/*}/programs.tsv
cd "$bin" || exit 1

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

# expect NAME STATUS [STDOUT]: of the last run; '*' is any output.
expect() {
	if [ "$status" -ne "$2" ]; then
		not_ok "$1: status $status, not $2: $(head -c 300 "$work/err")"
	elif [ "${3-*}" != '*' ] && [ "$(cat "$work/out")" != "$3" ]; then
		not_ok "$1: printed '$(head -c 300 "$work/out")', not '$3'"
	else
		ok
	fi
}

# gives NAME STATUS STDOUT [NAME=VALUE...] PROGRAM [ARGUMENT...]: under the library,
# which is quiet
gives() {
	name=$1
	wanted=$2
	output=$3
	shift 3
	sandboxed $q "$@"
	expect "$name" "$wanted" "$output"
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
	gives "$name" $own_failure '' "$@" ./hello
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

allow=SECCOMP_SYSCALL_ALLOW
deny=SECCOMP_SYSCALL_DENY
action=SECCOMP_DEFAULT_ACTION
q=SECCOMP_QUIET=1
arch=$(uname -m)

# number NAME: on this machine.
number() {
	sed -n "s/^\([0-9]*\),$1,.*/\1/p" "$table"
}
getppid=$(number getppid)

# The call by which stdio inspects its output: newfstatat in glibc 2.33 to 2.38.
fstat=fstat
sandboxed $allow=exit_group:fstat:write $q ./hello
[ "$status" -eq 0 ] || fstat=newfstatat
base=exit_group:$fstat:write

# --- The program of the README, and without each of its calls.

gives hello 0 hello $allow=$base ./hello
expect_stderr hello ''
for without in $fstat:write exit_group:write exit_group:$fstat ''; do
	gives "hello with '$without'" $by_sigsys '*' "$allow=$without" ./hello
done
gives 'no list' 0 hello ./hello
expect_stderr 'no list' ''

# --- Programs, and mistakes (vectors/programs.tsv).

while IFS='	' read -r what wants prints words; do
	case $wants in
	'') ;;
	refused) eval "refused \"\$what\" \"$prints\" $words" ;;
	*) eval "gives \"\$what\" $wants \"${prints#nothing}\" $words" ;;
	esac
done <"$programs"

# --- Default actions.

for what in errno=1 errno:ENOSYS=38 errno:13=13 errno:0xd=13 errno:4095=4095 \
	errno:4094=4094 errno:EHWPOISON=133; do
	for list in $allow=$base $deny=getppid; do
		gives "$what, $list" 0 "${what#*=}" "$list" $action="${what%=*}" ./call "$getppid"
	done
done
for list in $allow=$base:getppid=ENOSYS:getppid $deny=getppid=ENOSYS; do
	gives "an errno of its own, $list" 0 38 "$list" ./call "$getppid"
	gives "log is before it, $list" 0 ok "$list:write" $action=log ./call "$getppid"
done

# --- Deny list, and which list counts.


# --- Entries: aliases, numbers, conditions (vectors/live.tsv).

# Of calls by name, with the number for {NAME}, and for {0xNAME} in hex.
while IFS='	' read -r entries expected call arguments; do
	case $entries in '#'* | '') continue ;; esac
	n=$(number "$call")
	entries=$(echo "$entries" | sed "s/{$call}/$n/g; s/{0x$call}/$(printf '%#x' "${n:-0}")/g")
	# shellcheck disable=SC2086 # several arguments
	gives "$entries: $call $arguments" 0 "$expected" $allow="$base:$entries" \
		$action=errno:ENOTNAM ./call "${n:-$call}" $arguments
done <"$cases"
for what in 1=118 0=ok; do
	gives "conditions in a deny list, $what" 0 "${what#*=}" \
		$deny='getppid(arg0==1):getppid(arg1==1)' $action=errno:ENOTNAM \
		./call "$getppid" 0 "${what%=*}"
done
if [ "$arch" = x86_64 ]; then
	# The x32 form of getppid kills, and passes in log.
	gives 'x32 call' $by_sigsys '*' $deny=getpid $action=errno ./call 0x4000006e
	sandboxed $deny=getpid $action=log $q ./call 0x4000006e
	[ "$(cat "$work/out")" = 38 ] || echo ok >"$work/out" # CONFIG_X86_X32
	expect 'x32 call in log' 0
fi

# --- Threads started before the library.

run ./threads
expect 'early thread without library' 0 '0 0'
gives 'thread with a filter of its own' $own_failure '' $deny=getppid ./threads_foreign
case $(cat "$work/err") in
'libsandbox: seccomp: another filter is already on thread '[1-9]*) ok ;;
*) not_ok "thread with a filter of its own: $(cat "$work/err")" ;;
esac

# --- Loaded as a dependency, and found by search.

if command -v patchelf >/dev/null; then
	cp ./hello ./show_env "$work"
	# One after the other: patchelf 0.14 mixes them up.
	patchelf --set-rpath "$(dirname "$lib")" "$work/hello" "$work/show_env"
	patchelf --add-needed libsandbox.so "$work/hello" "$work/show_env"
	gives 'patchelf' 0 hello LD_PRELOAD= $allow=$base "$work/hello"
	gives 'patchelf, call taken away' $by_sigsys '*' LD_PRELOAD= \
		$allow=exit_group:$fstat "$work/hello"
	gives 'patchelf, mistake' $own_failure '' LD_PRELOAD= $allow=nonsense "$work/hello"
	gives 'patchelf, no list' 0 hello LD_PRELOAD= "$work/hello"
	run env -i $allow=$base $q LD_PRELOAD="$bin/other.so" "$work/show_env"
	expect 'patchelf, environment' 0 "LD_PRELOAD=$bin/other.so"
	gives 'patchelf and LD_PRELOAD' 0 hello $allow=$base "$work/hello"
else
	skip 'patchelf is not installed'
fi

# --- What the program sees of its environment.

# shows NAME ENVIRONMENT COMMAND...: what a program sees
shows() {
	name=$1
	wanted=$2
	shift 2
	run "$@"
	expect "$name" 0 "$wanted"
}

all="$allow=$base $deny=read $q $action=kill SECCOMP_LOG_DENIALS=1"
# shellcheck disable=SC2086 # words
shows 'environment is clean' A=1 env -i LD_PRELOAD="$lib" $all A=1 ./show_env
# shellcheck disable=SC2086
shows 'copies are removed' A=1 \
	./exec_env $all LD_PRELOAD="$lib" A=1 $all LD_PRELOAD="$lib" -- ./show_env
run ./exec_env $allow=read LD_PRELOAD="$lib" $allow=write -- ./hello
expect 'different copies' $own_failure ''
expect_stderr 'different copies' \
	'libsandbox: SECCOMP_SYSCALL_ALLOW: write: set twice, and differently'
for form in "$lib:$bin/other.so" "$bin/other.so $lib"; do
	shows "LD_PRELOAD=$form" "LD_PRELOAD=$bin/other.so" \
		env -i LD_PRELOAD="$form" $allow=$base $q ./show_env
done
shows 'LD_PRELOAD by name alone' "LD_LIBRARY_PATH=$(dirname "$lib")" env -i \
	LD_LIBRARY_PATH="$(dirname "$lib")" LD_PRELOAD=libsandbox.so $allow=$base $q ./show_env
shows 'LD_PRELOAD stays without a list' "LD_PRELOAD=$lib" \
	env -i LD_PRELOAD="$lib" $q ./show_env
shows 'environment of a child' A=1 \
	env -i LD_PRELOAD="$lib" A=1 $deny=getppid $q ./show_env ./show_env

# --- What the program sees of its other state.

run ./state
cp "$work/out" "$work/plain"
for quiet in 0 1; do
	gives "errno, signals, descriptors, quiet $quiet" 0 "$(cat "$work/plain")" \
		$deny=getppid SECCOMP_QUIET=$quiet ./state
	run ./exec_env broken LD_PRELOAD="$lib" SECCOMP_QUIET=$quiet $deny=getppid -- ./state
	sed -i '/^fd/d' "$work/out"
	expect "the same, broken stderr, quiet $quiet" 0 "$(grep -v '^fd' "$work/plain")"
done

# --- The heap does not depend on the list.

names=$(sed -n 's/^[0-9]*,\([^,]*\),.*/\1/p' "$table" | head -n 300 | paste -sd: -)
[ "$(echo "$names" | tr : '\n' | wc -l)" -eq 300 ] || not_ok '300 names'
heap_allow=$base:brk:mmap:munmap
if setarch -R true 2>/dev/null; then
	# The sizes of the environment differ, so the stack is not compared.
	run setarch -R env LD_PRELOAD="$lib" $allow= $q $action=log ./heap
	expect 'heap, learning' 0
	cp "$work/out" "$work/heap"
	for list in "$heap_allow" "$heap_allow:$names" \
		"$heap_allow:$(seq -f 'read(arg0==%g)' 1 300 | paste -sd: -)"; do
		for quiet in 0 1; do
			shows "heap, list of ${#list} bytes, quiet $quiet" "$(cat "$work/heap")" \
				setarch -R env LD_PRELOAD="$lib" $allow="$list" SECCOMP_QUIET=$quiet ./heap
		done
	done
else
	skip 'setarch -R is not possible'
fi

# --- Messages.

sandboxed $allow="$base:0x3:pread(arg0==1):write" ./hello
expect 'messages' 0 hello
expect_stderr 'messages' "adding exit_group to the process seccomp filter
adding $fstat to the process seccomp filter
adding write to the process seccomp filter
adding 0x3 to the process seccomp filter
adding pread to the process seccomp filter
adding write to the process seccomp filter"
for off in '' 0; do
	sandboxed $allow=$base SECCOMP_QUIET=$off ./hello
	[ "$(wc -l <"$work/err")" -eq 3 ] && ok || not_ok "SECCOMP_QUIET='$off'"
done
sandboxed $deny=getppid ./hello
expect_stderr 'messages, deny list' 'adding getppid to the process seccomp filter'
sandboxed $action=errno ./hello
expect 'action without list' 0 hello
expect_stderr 'action without list' "libsandbox: $action: no filter, because neither $allow nor $deny is set"
for kind in broken full full-nonblocking; do
	run ./exec_env $kind LD_PRELOAD="$lib" $allow=$base -- ./hello
	expect "stderr $kind" 0 hello
	run ./exec_env $kind LD_PRELOAD="$lib" $allow=x -- ./hello
	expect "stderr $kind, mistake" $own_failure ''
done
for shell in 'exec 2>&-' 'ulimit -f 0'; do # stderr is a file
	run sh -c "$shell; exec \"\$@\"" sh env LD_PRELOAD="$lib" $allow=x ./hello
	expect "$shell, mistake" $own_failure ''
done
run sh -c 'exec "$@" 2>&-' sh env LD_PRELOAD="$lib" $allow=$base ./hello
expect 'stderr closed' 0 hello
run prlimit --nofile=3 env LD_PRELOAD="$lib" $allow=$base ./hello
expect 'three descriptors' 0 hello

# --- Mistakes. The vectors have the grammar; here is where each kind ends.

refused 'control bytes' "$allow: "'\x1b[31m\x0a\xff\x5c: neither' \
	"$(printf '%s=\033[31m\n\377\\:read' $allow)"
sixty=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
refused 'long value' "$allow: $sixty...: unknown" $allow="$sixty$sixty"
refused 'empty action' "$action: \"\": not one of" $allow=$base $action=
for switch in SECCOMP_QUIET SECCOMP_LOG_DENIALS; do
	for value in 2 ' 1' true; do
		refused "$switch" "$switch: $value: neither 1 (on)" $allow=$base "$switch=$value"
	done
done

# --- Foreign architecture.

if [ -x ./helper32 ] && ./helper32 >/dev/null 2>&1; then
	gives 'i386 helper, log' 0 i386 $allow= $action=log ./show_env ./helper32
	for what in kill kill_thread trap errno; do
		gives "i386 helper, $what" $by_sigsys '' $deny=getppid $action=$what \
			./show_env ./helper32
	done
else
	skip 'no i386 programs here (gcc-multilib, CONFIG_IA32_EMULATION)'
fi

# --- The log flag: SECCOMP_FILTER_FLAG_LOG is 2.

run ./filter_flags LD_PRELOAD="$lib" $deny=getppid $q
not_told=77 # as the program has it
if [ "$status" -eq $not_told ]; then
	skip 'flags of a filter cannot be read (CAP_SYS_ADMIN, checkpoint)'
else
	expect 'no log flag' 0 0
	run ./filter_flags LD_PRELOAD="$lib" $deny=getppid $q SECCOMP_LOG_DENIALS=1
	expect 'log flag' 0 2
fi

# --- The library as a file.

[ -z "$(nm -D --defined-only "$lib")" ] && ok ||
	not_ok "exported: $(nm -D --defined-only "$lib")"
readelf -d "$lib" | grep NEEDED | grep -qv 'libc\.so\|libdl\.so\|ld-linux' &&
	not_ok 'needs more than libc' || ok
readelf -d "$lib" | grep -q BIND_NOW && ok || not_ok 'not bound at start'

finish
