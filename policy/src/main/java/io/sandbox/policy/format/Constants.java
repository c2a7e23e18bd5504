// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Names for values of arguments, from the kernel's headers. The table has the names that are shown,
 * whose value is the same on x86, ARM and RISC-V (asm-generic), so that no value can be wrong. A
 * file has all others that a policy may use.
 */
final class Constants {
    private static final String FILE = "constants.csv";

    private static final String TABLE =
            """
            PROT_NONE 0, PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4
            MAP_SHARED 1, MAP_PRIVATE 2, MAP_FIXED 0x10, MAP_ANONYMOUS 0x20, MAP_NORESERVE 0x4000
            MAP_GROWSDOWN 0x100, MAP_DENYWRITE 0x800, MAP_LOCKED 0x2000, MAP_POPULATE 0x8000
            MAP_STACK 0x20000, MAP_HUGETLB 0x40000
            MADV_NORMAL 0, MADV_RANDOM 1, MADV_SEQUENTIAL 2, MADV_WILLNEED 3, MADV_DONTNEED 4
            MADV_FREE 8, MADV_REMOVE 9, MADV_DONTFORK 10, MADV_DOFORK 11, MADV_MERGEABLE 12
            MADV_UNMERGEABLE 13, MADV_HUGEPAGE 14, MADV_NOHUGEPAGE 15, MADV_DONTDUMP 16
            MADV_DODUMP 17, MADV_WIPEONFORK 18, MADV_COLD 20, MADV_PAGEOUT 21
            MADV_GUARD_INSTALL 102, MADV_GUARD_REMOVE 103
            O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_CREAT 0x40, O_EXCL 0x80, O_NOCTTY 0x100
            O_TRUNC 0x200, O_APPEND 0x400, O_NONBLOCK 0x800, O_CLOEXEC 0x80000
            AT_FDCWD 0xffffffffffffff9c, AT_SYMLINK_NOFOLLOW 0x100, AT_EMPTY_PATH 0x1000
            AF_UNSPEC 0, AF_UNIX 1, AF_LOCAL 1, AF_INET 2, AF_INET6 10, AF_NETLINK 16, AF_PACKET 17
            AF_ALG 38, AF_BLUETOOTH 31, AF_VSOCK 40, PF_UNSPEC 0, PF_UNIX 1, PF_LOCAL 1, PF_INET 2
            PF_INET6 10, PF_NETLINK 16, PF_PACKET 17, PF_VSOCK 40
            SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_SEQPACKET 5
            SOCK_CLOEXEC 0x80000, SOCK_NONBLOCK 0x800
            SOL_SOCKET 1, SO_PEERCRED 17, SO_ERROR 4, SO_RCVBUF 8, SO_SNDBUF 7
            NETLINK_ROUTE 0, NETLINK_AUDIT 9, NETLINK_KOBJECT_UEVENT 15
            CLONE_VM 0x100, CLONE_FS 0x200, CLONE_FILES 0x400, CLONE_SIGHAND 0x800
            CLONE_PIDFD 0x1000, CLONE_PTRACE 0x2000, CLONE_VFORK 0x4000, CLONE_PARENT 0x8000
            CLONE_THREAD 0x10000, CLONE_NEWNS 0x20000, CLONE_SYSVSEM 0x40000, CLONE_SETTLS 0x80000
            CLONE_PARENT_SETTID 0x100000, CLONE_CHILD_CLEARTID 0x200000, CLONE_UNTRACED 0x800000
            CLONE_CHILD_SETTID 0x1000000, CLONE_NEWCGROUP 0x2000000, CLONE_NEWUTS 0x4000000
            CLONE_NEWIPC 0x8000000, CLONE_NEWUSER 0x10000000, CLONE_NEWPID 0x20000000
            CLONE_NEWNET 0x40000000, CLONE_IO 0x80000000
            F_DUPFD 0, F_GETFD 1, F_SETFD 2, F_GETFL 3, F_SETFL 4, F_GETLK 5, F_SETLK 6
            F_SETLKW 7, F_DUPFD_CLOEXEC 1030
            F_ADD_SEALS 1033, F_GET_SEALS 1034, FD_CLOEXEC 1
            FUTEX_WAIT 0, FUTEX_WAKE 1, FUTEX_REQUEUE 3, FUTEX_WAIT_BITSET 9, FUTEX_PRIVATE_FLAG 128
            PR_SET_PDEATHSIG 1, PR_GET_DUMPABLE 3, PR_SET_DUMPABLE 4, PR_SET_NAME 15, PR_GET_NAME 16
            PR_SET_SECCOMP 22, PR_CAPBSET_READ 23, PR_CAPBSET_DROP 24, PR_SET_TIMERSLACK 29
            PR_GET_SECUREBITS 27, PR_SET_SECUREBITS 28, PR_GET_AUXV 0x41555856
            SCHED_NORMAL 0, SCHED_FIFO 1, SCHED_RR 2, SCHED_BATCH 3, SCHED_IDLE 5
            FS_IOC_FSGETXATTR 0x801c581f, FS_IOC_FSSETXATTR 0x401c5820
            FS_IOC_GET_ENCRYPTION_POLICY_EX 0xc0096616, TCGETS2 0x802c542a
            PR_SET_MM 35, PR_SET_NO_NEW_PRIVS 38, PR_CAP_AMBIENT 47, PR_SET_VMA 0x53564d41
            TCGETS 0x5401, TCSETS 0x5402, TIOCGWINSZ 0x5413, TIOCSTI 0x5412, FIONREAD 0x541b
            TCSETSW 0x5403, TCSETSF 0x5404, TIOCGPGRP 0x540f, TIOCSPGRP 0x5410, TIOCSWINSZ 0x5414
            FIONBIO 0x5421, FIOCLEX 0x5451
            SIGHUP 1, SIGINT 2, SIGQUIT 3, SIGILL 4, SIGTRAP 5, SIGABRT 6, SIGBUS 7, SIGFPE 8
            SIGTSTP 20, SIGTTIN 21, SIGTTOU 22, SIGWINCH 28, SIGKILL 9, SIGUSR1 10, SIGSEGV 11, SIGUSR2 12
            SIGPIPE 13, SIGALRM 14, SIGTERM 15, SIGCHLD 17, SIGCONT 18, SIGSTOP 19
            CLOCK_REALTIME 0, CLOCK_MONOTONIC 1
            S_IFREG 0x8000, S_IFDIR 0x4000, S_IFCHR 0x2000, S_IFBLK 0x6000, S_IFIFO 0x1000
            """;

    private static final Map<String, Long> VALUES = new LinkedHashMap<>();

    static {
        for (String constant : TABLE.split("[,\n]")) {
            String[] parts = constant.strip().split(" ");
            long value =
                    parts[1].startsWith("0x")
                            ? Long.parseUnsignedLong(parts[1].substring(2), 16)
                            : Long.parseLong(parts[1]);
            VALUES.put(parts[0], value);
        }
    }

    private Constants() {}

    /**
     * All constants in the order of the table. If a value has several names, the usual one comes
     * first.
     */
    static Map<String, Long> all() {
        return Collections.unmodifiableMap(VALUES);
    }

    /** Also of names that are not in the table, or do not have the same value everywhere. */
    static OptionalLong valueOf(String name, String arch) {
        Long value = VALUES.get(name);
        return value == null ? valueOn(name, arch) : OptionalLong.of(value);
    }

    /** Looks into what scripts/update-constants wrote. */
    private static OptionalLong valueOn(String name, String arch) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Constants.class.getResourceAsStream(FILE),
                                StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .map(line -> line.split(","))
                    .filter(row -> row[0].equals(name) && isFor(row[2], arch))
                    .mapToLong(row -> Long.parseUnsignedLong(row[1].substring(2), 16))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFor(String arches, String arch) {
        return arches.equals("all") || List.of(arches.split("\\|")).contains(arch);
    }
}
