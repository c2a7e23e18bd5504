// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

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
     * What speaks against the recording.
     *
     * @param byRecords whether the source is audit records
     */
    public Signs signs(boolean byRecords) {
        Signs signs = new Signs();
        signs.addIf(listenerWanted, Sign.Kind.OWN_LISTENER);
        signs.addIf(areLoaded(), Sign.Kind.OWN_FILTER_REFUSES);
        if (byRecords && (handing > 0 || traced && areLoaded())) {
            signs.add(Sign.Kind.OWN_FILTER_HANDS_OVER);
        } else if (byRecords && unread > 0) {
            signs.add(Sign.Kind.OWN_FILTER_UNREAD);
        }
        return signs;
    }

    /** Whether a reservation is about a filter that the program loads. Files keep sentences alone. */
    static boolean isAbout(String reservation) {
        return reservation.contains("filter of its own");
    }

    /** Whether there is any. The recording may then lack calls that it refused. */
    public boolean areLoaded() {
        return loaded > 0;
    }
}
