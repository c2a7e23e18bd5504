// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.List;
import java.util.Objects;

/**
 * What a program may do, and what happens otherwise, on any arch. Calls need not exist. Immutable.
 *
 * <p>The entries do not count for calls of other architectures than the filter's: such a call is
 * logged if the action is {@link Action#LOG}, and otherwise kills the process.
 *
 * @param action what happens to a call that is not allowed, in both modes; not {@link Action#ALLOW}
 * @param entries as they were written, including repeats; their order has no meaning. If several
 *     match a call, the one that refuses most decides: kill, kill_thread, trap, an errno (the
 *     smaller one of two), log, allow. While the action is {@link Action#LOG}, an entry's errno
 *     counts as this action, since nothing is to be refused
 * @param logDenials whether refused calls also leave audit records
 * @param unknown what happens to calls that nobody could judge, whatever the mode
 */
public record Policy(
        Mode mode,
        Action action,
        List<PolicyEntry> entries,
        boolean logDenials,
        UnknownCalls unknown) {
    /** What the list means. */
    public enum Mode {
        /** Only the listed calls are allowed. */
        ALLOW,
        /** All calls except the listed ones are allowed. */
        DENY
    }

    public Policy {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(action, "action");
        if (action == Action.ALLOW) {
            throw new IllegalArgumentException("nothing would be refused");
        }
        boolean usual =
                action instanceof Action.Errno errno
                        ? errno.isUsual()
                        : action instanceof Action.Plain && action != Action.NOTIFY;
        if (!usual) {
            throw new IllegalArgumentException("no list can say " + ActionText.format(action));
        }
        entries = List.copyOf(entries);
        Objects.requireNonNull(unknown, "unknown");
    }

    public Policy(Mode mode, Action action, List<PolicyEntry> entries, boolean logDenials) {
        this(mode, action, entries, logDenials, UnknownCalls.AS_OTHERS);
    }

    public static Policy allowing(List<PolicyEntry> entries, Action action) {
        return new Policy(Mode.ALLOW, action, entries, false);
    }

    public static Policy denying(List<PolicyEntry> entries, Action action) {
        return new Policy(Mode.DENY, action, entries, false);
    }

    public Policy withLogDenials(boolean newLogDenials) {
        return new Policy(mode, action, entries, newLogDenials, unknown);
    }
}
