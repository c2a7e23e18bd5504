// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import java.util.Optional;

/** A filter's SECCOMP_RET_* of linux/seccomp.h with its data; one for each effect. */
public record Verdict(int value) {
    private static final int ACTION = 0xffff_0000;
    private static final int DATA = 0x0000_ffff;

    /** Stands for the result of code that was not decoded or cannot be. */
    static final Verdict UNDECIDED = new Verdict(1);

    static final Verdict ALLOW = new Verdict(BpfNumbers.ALLOW);

    /** The verdict as the kernel reads a return value (__seccomp_filter of kernel/seccomp.c). */
    static Verdict of(int returned) {
        int data = returned & DATA;
        return switch (returned & ACTION) {
            case BpfNumbers.ERRNO ->
                    new Verdict(BpfNumbers.ERRNO | Math.min(data, Action.Errno.MAX));
            case BpfNumbers.TRACE -> new Verdict(returned);
            case BpfNumbers.KILL_THREAD,
                    BpfNumbers.TRAP,
                    BpfNumbers.USER_NOTIF,
                    BpfNumbers.LOG,
                    BpfNumbers.ALLOW ->
                    new Verdict(returned & ACTION);
            default -> new Verdict(BpfNumbers.KILL_PROCESS);
        };
    }

    /** The stricter verdict of two filters; this, the newer, if both are as strict. */
    Verdict orStricter(Verdict older) {
        return (older.value & ACTION) < (value & ACTION) ? older : this;
    }

    boolean isStrictest() {
        return value == BpfNumbers.KILL_PROCESS;
    }

    /** Whether the kernel makes the call. */
    public boolean passes() {
        return value == BpfNumbers.ALLOW || value == BpfNumbers.LOG;
    }

    /** Empty for what was not decoded. */
    public Optional<Action> action() {
        int number = value & DATA;
        return switch (value & ACTION) {
            case BpfNumbers.ALLOW -> Optional.of(Action.ALLOW);
            case BpfNumbers.LOG -> Optional.of(Action.LOG);
            case BpfNumbers.TRAP -> Optional.of(Action.TRAP);
            case BpfNumbers.ERRNO -> Optional.of(Action.errno(number));
            case BpfNumbers.TRACE -> Optional.of(new Action.Trace(number));
            case BpfNumbers.USER_NOTIF -> Optional.of(Action.NOTIFY);
            case BpfNumbers.KILL_PROCESS -> Optional.of(Action.KILL);
            case BpfNumbers.KILL_THREAD ->
                    equals(UNDECIDED) ? Optional.empty() : Optional.of(Action.KILL_THREAD);
            default -> Optional.empty();
        };
    }

    /** Returns the word of our JSON. */
    @Override
    public String toString() {
        return action().map(ActionText::format).orElse("undecided");
    }
}
