// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An argument for whose values a list may have conditions: it chooses what the call does, and it is
 * a value. What an address points to could change after the filter has checked it.
 *
 * @param index 0 to 5
 * @param wide whether the kernel reads all 64 bits; otherwise it reads an {@code int} and ignores
 *     the upper bits, which can hold anything
 * @param prefixes what the names of its values begin with
 * @param choiceMask the bits that together hold one value; each other bit is a flag
 */
public record WatchedArgument(int index, boolean wide, List<String> prefixes, long choiceMask) {
    private static final long INT = 0xffffffffL;

    /** The types are those of SYSCALL_DEFINEn in the kernel's source, Linux 6.18. */
    private static final Map<String, List<WatchedArgument>> TABLE =
            Map.of(
                    "socket", List.of(choice(0, "AF_"), flagged(1, false, 0xf, "SOCK_")),
                    "ioctl", List.of(choice(1, "TC", "TIO", "FIO")),
                    "prctl", List.of(choice(0, "PR_")),
                    "fcntl", List.of(choice(1, "F_")),
                    "mmap", List.of(flagged(2, true, 0, "PROT_")),
                    "mprotect", List.of(flagged(2, true, 0, "PROT_")),
                    "clone", List.of(flagged(0, true, 0xff, "CLONE_", "SIG")),
                    "personality", List.of(choice(0)),
                    "kill", List.of(choice(1, "SIG")),
                    "tgkill", List.of(choice(2, "SIG")));

    private static WatchedArgument choice(int index, String... prefixes) {
        return flagged(index, false, -1, prefixes);
    }

    private static WatchedArgument flagged(
            int index, boolean wide, long choiceMask, String... prefixes) {
        return new WatchedArgument(index, wide, List.of(prefixes), choiceMask);
    }

    /**
     * The watched arguments of a call; none on architectures where a filter sees them at other
     * positions.
     */
    public static List<WatchedArgument> of(ObservedCall call) {
        if (call.syscall().isEmpty()) {
            return List.of();
        }
        Syscall syscall = call.syscall().get();
        List<WatchedArgument> watched = TABLE.getOrDefault(syscall.name(), List.of());
        if (watched.isEmpty()) {
            return watched;
        }
        boolean differs =
                SyscallDb.get()
                        .facts(syscall.name())
                        .filter(facts -> facts.argumentsDifferOn().contains(syscall.arch().name()))
                        .isPresent();
        return differs ? List.of() : watched;
    }

    /** An argument of a call, if it is watched. */
    public static Optional<WatchedArgument> find(String call, int index) {
        return TABLE.getOrDefault(call, List.of()).stream()
                .filter(argument -> argument.index() == index)
                .findFirst();
    }

    /** The part of a register that the kernel reads. */
    long read(long register) {
        return wide ? register : register & INT;
    }

    /** Returns the condition as an entry of a list has it: {@code arg0&0xffffffff==1}. */
    String condition(long value) {
        return "arg" + index + (wide ? "" : "&0xffffffff") + "==" + Long.toUnsignedString(value);
    }
}
