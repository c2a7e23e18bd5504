// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.policy;

import java.util.List;
import java.util.Objects;

/**
 * What a program may do, and what happens otherwise, for no architecture in particular. Says
 * nothing about whether the calls exist. Immutable.
 *
 * <p>A call of an architecture other than the one that the filter is made for is not a matter of
 * the entries: it is logged if the action is {@link Action#LOG}, and else kills the process.
 *
 * @param action what happens to a call that is not allowed, whatever the mode; not {@link
 *     Action#ALLOW}
 * @param entries in the order they were written, repeats included; order has no meaning. Entries
 *     for the same call are alternatives, so one without conditions makes the others pointless
 * @param logDenials whether refused calls also leave audit records
 */
public record Policy(Mode mode, Action action, List<PolicyEntry> entries, boolean logDenials) {
    /** What it means to be listed. */
    public enum Mode {
        /** The listed calls are allowed and no others. */
        ALLOW,
        /** All calls are allowed but the listed ones. */
        DENY
    }

    public Policy {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(action, "action");
        if (action == Action.ALLOW) {
            throw new IllegalArgumentException("nothing would be refused");
        }
        entries = List.copyOf(entries);
    }

    public static Policy allowing(List<PolicyEntry> entries, Action action) {
        return new Policy(Mode.ALLOW, action, entries, false);
    }

    public static Policy denying(List<PolicyEntry> entries, Action action) {
        return new Policy(Mode.DENY, action, entries, false);
    }

    public Policy withLogDenials(boolean newLogDenials) {
        return new Policy(mode, action, entries, newLogDenials);
    }
}
