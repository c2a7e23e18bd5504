// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of calls, which a kafel policy can mention by the kernel's names. How many bits are
 * compared depends on the size of the argument in the kernel. Names and sizes are those of x86_64.
 * The sizes come from the table in kafel's source. Policies usually have conditions for these.
 */
final class KafelArguments {
    /** Each call with the positions of its 32-bit arguments; all others have 64 bits. */
    private static final String NARROW =
            """
            accept4 03, bind 02, bpf 02, clone -, close 0, connect 02, dup 0, dup2 01, dup3 012
            epoll_create1 0, epoll_ctl 012, eventfd2 01, exit 0, exit_group 0, fcntl 01, flock 01
            futex 125, getpriority 01, getrandom 2, getsockopt 012, ioctl 01, kill 01, listen 01
            lseek 02, madvise 2, memfd_create 1, mmap -, mprotect -, mremap -, openat 023, open 12
            personality 0, pipe2 1, prctl 0, prlimit64 01, ptrace -, read 0, recvfrom 03, recvmsg 02
            rt_sigaction 0, rt_sigprocmask 0, sendmsg 02, sendto 035, setns 01, setpriority 012
            setsockopt 0124, shutdown 01, socket 012, socketpair 012, tgkill 012, tkill 01
            umask 0, unlinkat 02, unshare -, wait4 02, write 0, writev -
            """;

    private static final Map<String, String> NARROW_BY_CALL = new HashMap<>();

    static {
        for (String row : NARROW.split("[,\n]")) {
            String[] parts = row.strip().split(" ");
            NARROW_BY_CALL.put(parts[0], parts[1]);
        }
    }

    /** An argument that an expression may mention; a narrow one has 32 bits, not 64. */
    record Argument(int position, boolean narrow) {}

    private KafelArguments() {}

    /** The arguments of a call, by name; empty if their sizes are unknown. */
    static Optional<Map<String, Argument>> of(String call) {
        String narrow = NARROW_BY_CALL.get(call);
        Optional<SyscallFacts> facts = SyscallDb.get().facts(call);
        if (narrow == null || facts.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = facts.get().arguments();
        Map<String, Argument> arguments = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            arguments.put(names.get(i), new Argument(i, narrow.indexOf('0' + i) >= 0));
        }
        return Optional.of(arguments);
    }
}
