// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An argument for whose values a list may have conditions: it chooses what the call does, and it is
 * a value. What an address points to could change after the filter has checked it.
 *
 * @param index 0 to 5
 * @param mask the bits of the register that count. Of an {@code int}, the kernel ignores the upper
 *     half, which can hold anything
 * @param prefixes what the names of its values begin with
 * @param choiceMask the bits that together hold one value; each other bit is a flag
 * @param kind what is special about it
 */
public record WatchedArgument(
        int index, long mask, List<String> prefixes, long choiceMask, Kind kind) {
    private enum Kind {
        PLAIN,

        /** The protection of memory, where writing makes no difference without executing. */
        PROTECTION,

        /** The mode of a file, which counts only if the flags before it have it made. */
        MODE,

        /** An address of which only matters whether there is one. */
        ADDRESS,

        /** The mode of openat2, which lies in memory; written as if it were that of openat. */
        MODE_IN_MEMORY,

        /** Whether openat2 restricts what names lead to, which openat cannot; in memory too. */
        RESOLVE_IN_MEMORY,

        /** clone3's flags, in memory: no filter sees them, but clone's, which can replace it. */
        CLONE3
    }

    private static final long INT = 0xffffffffL;
    private static final long ALL = -1;

    /** The flags that ask for new namespaces: those of clone, and of unshare and clone3. */
    public static final long NAMESPACES = 0x7e020000L;

    private static final long ALL_NAMESPACES = NAMESPACES | 0x80;

    /** In the flags of clone3: it asked for something else that clone cannot do. */
    public static final long CLONE3_ALONE = 1;

    /** The position of the address where openat2 has flags, mode and resolve. */
    private static final int HOW = 2;

    private static final long EMPTY_MOUNTS = 0x100000; // UNSHARE_EMPTY_MNTNS
    private static final long SET_ID = 0xc00; // S_ISUID and S_ISGID
    private static final long CREATE = 0x40; // O_CREAT
    private static final long URGENT = 1; // MSG_OOB
    private static final long EXEC = 4; // PROT_EXEC
    private static final long WRITE_EXEC = 6;

    /** The types are those of SYSCALL_DEFINEn in the kernel's source, Linux 6.18. */
    private static final Map<String, List<WatchedArgument>> CLASSES = new HashMap<>();

    private static final Map<String, List<WatchedArgument>> VALUES = new HashMap<>();

    /** The classes, and the modes of new files. */
    private static final Map<String, List<WatchedArgument>> MODES = new HashMap<>();

    static {
        WatchedArgument protection =
                new WatchedArgument(2, WRITE_EXEC, List.of("PROT_"), 0, Kind.PROTECTION);
        WatchedArgument mode = flags(1, SET_ID, 0, "S_");
        WatchedArgument modeAt = flags(2, SET_ID, 0, "S_");
        both("clone3", new WatchedArgument(0, ALL_NAMESPACES | 1, List.of(), 0, Kind.CLONE3));
        both("unshare", flags(0, ALL_NAMESPACES | EMPTY_MOUNTS, 0, "CLONE_NEW", "UNSHARE_"));
        both("setns", choice(1));
        both("socketpair", choice(0, "AF_"));
        both("setsockopt", choice(1, "SOL_SOCKET", "IPPROTO_"), choice(2));
        both("ioctl", choice(1, "TC", "TIO", "FIO"));
        both("prctl", choice(0, "PR_"));
        List.of("chmod", "fchmod").forEach(call -> both(call, mode));
        List.of("fchmodat", "fchmodat2").forEach(call -> both(call, modeAt));
        WatchedArgument urgent = flags(3, URGENT, 0, "MSG_");
        List.of("send", "sendmmsg", "recvfrom", "recv", "recvmmsg", "recvmmsg_time64")
                .forEach(call -> both(call, urgent));
        both("sendto", urgent, new WatchedArgument(4, ALL, List.of(), 0, Kind.ADDRESS));
        List.of("sendmsg", "recvmsg").forEach(call -> both(call, flags(2, URGENT, 0, "MSG_")));
        List.of("mmap", "mmap2", "mprotect", "pkey_mprotect")
                .forEach(
                        call -> {
                            CLASSES.put(call, List.of(protection));
                            VALUES.put(call, List.of(flags(2, ALL, 0, "PROT_")));
                        });
        List.of("mkdir", "mknod", "creat").forEach(call -> MODES.put(call, List.of(mode)));
        List.of("mkdirat", "mknodat").forEach(call -> MODES.put(call, List.of(modeAt)));
        MODES.put("open", opening(1));
        MODES.put("openat", opening(2));
        MODES.put(
                "openat2",
                List.of(
                        new WatchedArgument(HOW + 1, SET_ID, List.of("S_"), 0, Kind.MODE_IN_MEMORY),
                        new WatchedArgument(HOW + 2, ALL, List.of(), 0, Kind.RESOLVE_IN_MEMORY)));
        CLASSES.put("clone", List.of(flags(0, NAMESPACES, 0, "CLONE_")));
        VALUES.put("clone", List.of(flags(0, ALL, 0xff, "CLONE_", "SIG")));
        CLASSES.put("socket", List.of(choice(0, "AF_"), flags(1, 0xf, -1, "SOCK_"), choice(2)));
        VALUES.put("socket", List.of(choice(0, "AF_"), flags(1, INT, 0xf, "SOCK_"), choice(2)));
        VALUES.put("fcntl", List.of(choice(1, "F_")));
        VALUES.put("personality", List.of(choice(0)));
        VALUES.put("kill", List.of(choice(1, "SIG")));
        VALUES.put("tgkill", List.of(choice(2, "SIG")));
        MODES.putAll(CLASSES);
    }

    private static void both(String call, WatchedArgument... arguments) {
        CLASSES.put(call, List.of(arguments));
        VALUES.put(call, List.of(arguments));
    }

    private static List<WatchedArgument> opening(int index) {
        return List.of(
                flags(index, CREATE, 0, "O_"),
                new WatchedArgument(index + 1, SET_ID, List.of("S_"), 0, Kind.MODE));
    }

    private static WatchedArgument choice(int index, String... prefixes) {
        return flags(index, INT, -1, prefixes);
    }

    private static WatchedArgument flags(
            int index, long mask, long choiceMask, String... prefixes) {
        return new WatchedArgument(index, mask, List.of(prefixes), choiceMask, Kind.PLAIN);
    }

    public static List<String> calls(ArgumentDetail detail) {
        return watched(detail).keySet().stream().sorted().toList();
    }

    private static Map<String, List<WatchedArgument>> watched(ArgumentDetail detail) {
        return detail.exact() ? VALUES : detail.modes() ? MODES : CLASSES;
    }

    /** The watched arguments of a call; none where a filter sees them elsewhere. */
    public static List<WatchedArgument> of(ObservedCall call, ArgumentDetail detail) {
        if (call.syscall().isEmpty()) {
            return List.of();
        }
        Syscall syscall = call.syscall().get();
        List<WatchedArgument> watched = watched(detail).getOrDefault(syscall.name(), List.of());
        for (WatchedArgument each : watched) {
            if (!SyscallDb.get().isInPlace(syscall.name(), each.index, syscall.arch())) {
                return List.of();
            }
        }
        return watched;
    }

    /** The watched arguments of a call of the architecture; none if it lacks the call. */
    public static List<WatchedArgument> of(Arch arch, String call, ArgumentDetail detail) {
        return SyscallDb.get()
                .table(arch)
                .byName(call)
                .map(found -> of(ObservedCall.of(arch.auditArch(), found.number()), detail))
                .orElse(List.of());
    }

    public static Optional<WatchedArgument> find(String call, int index) {
        return VALUES.getOrDefault(call, List.of()).stream()
                .filter(argument -> argument.index() == index)
                .findFirst();
    }

    /** Whether the argument is in no register, as the flags of clone3. */
    public boolean isInMemory() {
        return kind == Kind.CLONE3 || isOfOpenat2();
    }

    private boolean isOfOpenat2() {
        return kind == Kind.MODE_IN_MEMORY || kind == Kind.RESOLVE_IN_MEMORY;
    }

    private boolean isOnlyWhether() {
        return kind == Kind.ADDRESS || kind == Kind.RESOLVE_IN_MEMORY;
    }

    /**
     * The bits of the register of which none is set in a plain call, as nearly all are; empty if
     * there is no plain one. So if a filter asks about all others, what it logs had the value 0.
     */
    public OptionalLong unusual() {
        return switch (kind) {
            case PLAIN -> choiceMask == 0 ? OptionalLong.of(mask) : OptionalLong.empty();
            case PROTECTION -> OptionalLong.of(EXEC);
            case MODE -> OptionalLong.of(0); // which counts only if the flags are unusual
            case ADDRESS -> OptionalLong.of(ALL);
            default -> OptionalLong.empty();
        };
    }

    /** Where the kernel's programs find it (shared.h); empty for clone3's flags. */
    public OptionalInt place() {
        if (kind == Kind.CLONE3) {
            return OptionalInt.empty();
        }
        int register = isOfOpenat2() ? HOW | index - HOW << 4 : index;
        return OptionalInt.of(register | (isOnlyWhether() ? 8 : 0));
    }

    /** The value that counts; empty if the source does not know it. */
    OptionalLong read(Sighting sighting) {
        OptionalLong value =
                kind == Kind.CLONE3
                        ? sighting.clone3Flags()
                        : isOfOpenat2()
                                ? sighting.word(HOW, index - HOW)
                                : sighting.argument(index);
        if (value.isEmpty()) {
            return value;
        }
        long counts = value.getAsLong() & mask;
        return OptionalLong.of(isOnlyWhether() && counts != 0 ? 1 : counts);
    }

    /** Whether a value is a condition. {@code before}: that of the argument before it. */
    boolean counts(long value, long before) {
        return isOnlyWhether() ? value == 0 : kind != Kind.MODE || (before & CREATE) != 0;
    }

    /**
     * Returns the condition as an entry of a list has it: {@code arg0&0xffffffff==1}. The flags of
     * clone3 are written as if they were its first argument, and what openat2 has in memory as if
     * it were the fourth and the fifth.
     */
    public String condition(long value) {
        long counts = kind == Kind.PROTECTION && (value & EXEC) == 0 ? EXEC : mask;
        String masked = counts == ALL ? "" : "&0x" + Long.toHexString(counts);
        return "arg" + index + masked + "==" + Long.toUnsignedString(value & counts);
    }
}
