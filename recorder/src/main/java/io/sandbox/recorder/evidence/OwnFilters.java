// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of the filters that a program loads itself, and which calls they hide from a
 * recording (seccomp(2), "Return value": the verdict with the highest precedence wins). A call that
 * such a filter refuses is not made, and no source sees it. A call that it hands to a tracer is
 * made without an audit record. A question of ours has precedence over a tracer: the tracer is not
 * asked, and the call is made whatever the tracer would have decided. So the recorder ends a
 * program before that can happen. What we have read of a filter proves nothing good: the program
 * may change the filter before the kernel reads it. For one thread.
 */
public final class OwnFilters {
    private static final String ENDED = ", so the program was ended before that could happen";

    private int loaded;
    private int handing;
    private int unread;
    private boolean traced;
    private boolean listenerWanted;
    private boolean strictWanted;
    private boolean ended;

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

    /** Notes that the program wants the strict mode, which the kernel refuses beside a filter. */
    public void wantsStrictMode() {
        strictWanted = true;
    }

    /** Notes that the program was ended because of its own filter, before the call was made. */
    public void programEnded() {
        ended = true;
    }

    public boolean hasEndedProgram() {
        return ended;
    }

    /** Whether a filter that was loaded can hand calls to a tracer, as far as is known. */
    public boolean mayHandOver() {
        return handing > 0 || unread > 0;
    }

    /** Whether the kernel would refuse the program a protection only because of our filter. */
    public boolean areRefused() {
        return listenerWanted || strictWanted;
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
                    "the program sets a filter with a listener of its own, which the kernel refuses"
                            + " beside ours (EBUSY)"
                            + because());
        }
        if (strictWanted) {
            causes.add(
                    "the program asks for seccomp's strict mode, which the kernel refuses beside a"
                            + " filter of ours"
                            + (ended ? ENDED : ""));
        }
        if (handing > 0 || byRecords && traced && loaded > 0) {
            causes.add(
                    "the program loads a filter of its own that can hand calls to"
                            + tracer(byRecords));
        } else if (unread > 0) {
            causes.add(
                    "the program loads a filter of its own that cannot be read, and that may hand"
                            + " calls to"
                            + tracer(byRecords));
        }
        return causes;
    }

    private String tracer(boolean byRecords) {
        return (byRecords ? " a tracer, and such calls leave no audit record" : " a tracer")
                + (ended ? "; a question of ours has precedence over the tracer" : "")
                + because();
    }

    private String because() {
        return (ended ? ENDED : "") + " (--source bpf can record it)";
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
