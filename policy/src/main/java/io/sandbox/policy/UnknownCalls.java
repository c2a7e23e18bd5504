// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Objects;
import java.util.Optional;

/**
 * What a policy does about calls that its author cannot have judged, and that it does not list:
 * those of newer kernels, and numbers that no table has. A C library tries a new call first, and
 * makes the older one if it fails with ENOSYS; any other errno or signal ends the program. Of a
 * call that it lists with conditions, values of newer kernels get what an older kernel answers.
 *
 * @param refused whether they get ENOSYS; else they are as all other calls
 * @param newest the newest kernel whose calls were judged; empty for all that the tables have
 */
public record UnknownCalls(boolean refused, Optional<KernelVersion> newest) {
    public static final UnknownCalls AS_OTHERS = new UnknownCalls(false, Optional.empty());
    public static final UnknownCalls ABOVE_TABLES = new UnknownCalls(true, Optional.empty());

    /** What they get. */
    public static final Action REFUSAL = Action.errno(38);

    private static final String WORD = "enosys";

    public UnknownCalls {
        Objects.requireNonNull(newest, "newest");
    }

    public static UnknownCalls after(KernelVersion newest) {
        return new UnknownCalls(true, Optional.of(newest));
    }

    /**
     * A value of the variable.
     *
     * @throws PolicySyntaxException if it is neither {@code enosys} nor that with a version
     */
    static UnknownCalls parse(String text) {
        if (text.equals(WORD)) {
            return ABOVE_TABLES;
        }
        Optional<KernelVersion> version =
                text.startsWith(WORD + ":")
                        ? KernelVersion.parse(text.substring(WORD.length() + 1))
                        : Optional.empty();
        if (version.isEmpty()) {
            throw PolicySyntaxException.inValue(PolicyMistake.BAD_UNKNOWN, 0, text);
        }
        return after(version.get());
    }

    /** Whether the author can have judged this call of our tables. */
    public boolean judges(Syscall call) {
        return newest.isEmpty() || judges(SyscallDb.get().firstKernels().get(call.name()));
    }

    /** Whether the author can have judged what came with this kernel. */
    public boolean judges(KernelVersion first) {
        return newest.isEmpty() || first.compareTo(newest.get()) <= 0;
    }

    /** Whether both refuse the same calls. Not every kernel brought a call. */
    public boolean refusesSame(UnknownCalls other) {
        return refused == other.refused
                && (!refused
                        || SyscallDb.get().firstKernels().values().stream()
                                .allMatch(first -> judges(first) == other.judges(first)));
    }

    /** What is refused by both. */
    public UnknownCalls or(UnknownCalls other) {
        if (!refused || !other.refused) {
            return AS_OTHERS;
        }
        if (newest.isEmpty() || other.newest.isEmpty()) {
            return ABOVE_TABLES;
        }
        return newest.get().compareTo(other.newest.get()) >= 0 ? this : other;
    }

    /** What is refused by at least one of them. */
    public UnknownCalls and(UnknownCalls other) {
        if (!refused || !other.refused) {
            return refused ? this : other;
        }
        if (newest.isEmpty() || other.newest.isEmpty()) {
            return newest.isEmpty() ? other : this;
        }
        return newest.get().compareTo(other.newest.get()) >= 0 ? other : this;
    }

    /** For people; empty if they are as all others. */
    public String text() {
        if (!refused) {
            return "";
        }
        return newest.isPresent() ? "newer than Linux " + newest.get() : "that no table has";
    }

    /** The value of the variable, for those that are refused. */
    @Override
    public String toString() {
        return newest.isPresent() ? WORD + ":" + newest.get() : WORD;
    }
}
