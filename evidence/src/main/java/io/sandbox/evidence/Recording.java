// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The evidence of any number of runs. It is a set: merging is union, so the order of merging and
 * repeats make no difference. Immutable.
 *
 * <p>A run with losses is healed by a later complete run of the same command, because that run
 * logged every call that was not known before.
 *
 * @param runs by the time they started, each id once
 */
public record Recording(List<Run> runs) {
    private static final String BPF = "bpf";

    /** Throws {@link IllegalArgumentException} if two different runs have the same id. */
    public Recording {
        Map<String, Run> byId = new TreeMap<>();
        for (Run run : runs) {
            Run other = byId.putIfAbsent(run.id(), run);
            if (other != null && !other.equals(run)) {
                throw new IllegalArgumentException(
                        "two different runs have the id " + ShownValue.of(run.id()));
            }
        }
        runs = byId.values().stream().sorted(Run.ORDER).toList();
    }

    public static Recording of(Run run) {
        return new Recording(List.of(run));
    }

    /**
     * The runs of both recordings.
     *
     * @throws IllegalArgumentException if the recordings have different runs of the same id
     */
    public Recording merge(Recording other) {
        List<Run> all = new ArrayList<>(runs);
        all.addAll(other.runs);
        return new Recording(all);
    }

    /** Every distinct call of any run and program, by architecture and number. */
    public List<ObservedCall> calls() {
        TreeSet<ObservedCall> calls = new TreeSet<>();
        runs.forEach(run -> calls.addAll(run.calls()));
        return List.copyOf(calls);
    }

    /**
     * The incomplete runs whose gaps no other run fills. A later complete run of the same command,
     * in the same state, fills the gaps of an earlier one: it logged every call that was not known.
     */
    public List<Run> unhealed() {
        return runs.stream().filter(run -> !run.isComplete() && !isHealed(run)).toList();
    }

    /** What speaks against windows without a start in any run; they are complete alone. */
    public Signs missingStarts() {
        return WindowStarts.missing(runs);
    }

    /** Whether no run has a gap that none fills, and no window lacks its start. */
    public boolean isComplete() {
        return unhealed().isEmpty() && missingStarts().all().isEmpty();
    }

    /** Whether every call is there, in a few words. */
    public String verdictWords() {
        if (!isComplete()) {
            return "incomplete";
        }
        return reservations().isEmpty() ? "complete" : "complete, with a reservation";
    }

    /**
     * What the runs together cannot show, one sentence each. Of a filter that the program loads
     * itself, a later run can show what it refused: under enforcement the program would have been
     * killed, and the bpf source looks for refused calls from the beginning once it knows of it.
     * Only enforcement shows what a tracer replaced.
     */
    public List<String> reservations() {
        return runs.stream()
                .flatMap(
                        run ->
                                run.verdict().reservations().stream()
                                        .filter(each -> !isResolved(run, each)))
                .distinct()
                .toList();
    }

    private boolean isResolved(Run run, String reservation) {
        Run last = run;
        for (Run later : runs) {
            if (later.command().equals(run.command())
                    && later.from().equals(run.from())
                    && later.state().equals(run.state())) {
                last = later;
            }
        }
        boolean shows =
                last.filter().enforced() && last.records() == 0
                        || last.source().equals(BPF)
                                && run.source().equals(BPF)
                                && !reservation.contains("tracer");
        return OwnFilters.isAbout(reservation)
                && shows
                && last.isComplete()
                && !run.command().isEmpty()
                && !last.verdict().reservations().contains(reservation);
    }

    private boolean isHealed(Run run) {
        return !run.command().isEmpty() && runs.stream().anyMatch(later -> heals(later, run));
    }

    private static boolean heals(Run later, Run run) {
        return later.isComplete()
                && later.state().equals(run.state())
                && later.started().isAfter(run.started())
                && later.command().equals(run.command())
                && later.from().equals(run.from());
    }
}
