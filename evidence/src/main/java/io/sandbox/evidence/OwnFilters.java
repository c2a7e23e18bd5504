// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

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

    public void loads(FilterReturns returns) {
        loaded++;
        handing += returns.handsOver() ? 1 : 0;
        unread += returns.anything() ? 1 : 0;
    }

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

    /** Whether our filter would take the program's protection away, if it asks about all loads. */
    public boolean isInVain() {
        return mayHandOver() || areRefused();
    }

    /** What speaks against a recording. {@code byRecords}: whether its source is audit records. */
    public Signs signs(boolean byRecords) {
        Signs signs = new Signs();
        signs.addIf(areLoaded(), Sign.Kind.OWN_FILTER_REFUSES);
        if (listenerWanted) {
            signs.add(Sign.Kind.OWN_LISTENER, 0, because());
        }
        if (strictWanted) {
            signs.add(Sign.Kind.OWN_STRICT_MODE, 0, because());
        }
        if (handing > 0 || byRecords && traced && areLoaded()) {
            signs.add(Sign.Kind.OWN_FILTER_HANDS_OVER, 0, outranked(byRecords));
        } else if (unread > 0) {
            signs.add(Sign.Kind.OWN_FILTER_UNREAD, 0, outranked(byRecords));
        }
        return signs;
    }

    private String outranked(boolean byRecords) {
        return (byRecords ? ", and such calls leave no audit record" : "")
                + (ended ? "; a question of ours has precedence over the tracer" : "")
                + because();
    }

    private String because() {
        return ended ? ENDED : "";
    }

    /** Whether it is about a filter that the program loads. Files keep sentences alone. */
    static boolean isAbout(String reservation) {
        return reservation.contains("filter of its own");
    }

    /** Whether there is any. The recording may then lack calls that it refused. */
    public boolean areLoaded() {
        return loaded > 0;
    }
}
