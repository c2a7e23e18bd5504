// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of the filters that a program loads itself, and which calls they hide from a
 * recording (seccomp(2), "Return value": the verdict with the highest precedence wins). A call that
 * such a filter refuses is not made, and no source sees it. A call that it hands to a tracer is
 * made without an audit record; but a filter that asks (source notify) has precedence, and sees the
 * call. What we have read of a filter proves nothing good: the program may change the filter before
 * the kernel reads it. For one thread.
 */
public final class OwnFilters {
    private int loaded;
    private int handing;
    private int unread;
    private boolean traced;
    private boolean listenerWanted;

    /** Notes that the program loads a filter that can return what {@code returns} says. */
    public void loads(FilterReturns returns) {
        loaded++;
        handing += returns.handsOver() ? 1 : 0;
        unread += returns.anything() ? 1 : 0;
    }

    /** Notes that the program loads a filter that cannot be read. */
    public void loadsUnread() {
        loaded++;
        unread++;
    }

    /** Notes that a tracer among the program's processes takes calls that filters hand over. */
    public void traces() {
        traced = true;
    }

    /** Notes that the program wants a listener of its own, which the kernel refuses beside ours. */
    public void wantsListener() {
        listenerWanted = true;
    }

    /**
     * Why the recording may lack calls that were made; one sentence each.
     *
     * @param byRecords whether the source is audit records
     */
    public List<String> causes(boolean byRecords) {
        List<String> causes = new ArrayList<>();
        if (listenerWanted) {
            causes.add(
                    "the program set a filter with a listener of its own, which the kernel refused"
                            + " because of ours (EBUSY)");
        }
        if (!byRecords) {
            return causes;
        }
        if (handing > 0 || traced && loaded > 0) {
            causes.add(
                    "the program loads a filter of its own that can hand calls to a tracer, and"
                            + " such calls leave no audit record (--source notify shows them)");
        } else if (unread > 0) {
            causes.add(
                    "the program loads a filter of its own that cannot be read, and calls that it"
                            + " hands to a tracer leave no audit record (--source notify shows"
                            + " them)");
        }
        return causes;
    }

    /** Whether a reservation is about a filter that the program loads. */
    static boolean isAbout(String reservation) {
        return reservation.contains("filter of its own");
    }

    /** What the recording cannot show although it has every call that was made. */
    public List<String> reservations() {
        return loaded == 0
                ? List.of()
                : List.of(
                        "the program loads a filter of its own: calls that it refuses are not"
                                + " listed, and under a list without them the program may be killed"
                                + " (sandbox-learn --verify tries it)");
    }
}
