// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.CommandFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tries the target of a series in several states. Where there can be one, each state has a copy of
 * all file systems, which is gone afterwards; so a program that is killed there does no harm.
 */
public final class Variation {
    /** A run that loses records, or ends in another way by chance, is repeated so often. */
    private static final int TRIES = 3;

    private final SandboxExec sandboxExec;
    private final List<State> states;
    private final boolean isRoot;
    private final Optional<Drive> drive;
    private final List<State> tried = new ArrayList<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Set<String> incomplete = new LinkedHashSet<>();
    private final Map<String, Set<Integer>> ends = new HashMap<>();
    private String noCopy = "";
    private Optional<SandboxExec.FileCopy> copy = Optional.empty();
    private int verified;

    /**
     * @param states to be tried, in this order
     * @param drive what is done with a server
     */
    public Variation(
            SandboxExec sandboxExec, List<State> states, boolean isRoot, Optional<Drive> drive) {
        this.sandboxExec = sandboxExec;
        this.states = List.copyOf(states);
        this.isRoot = isRoot;
        this.drive = drive;
    }

    /** Why there can be no copy of the file systems; empty if there can be one. */
    public String noCopy() {
        try {
            sandboxExec.copyFiles(false);
            sandboxExec.dropCopy();
        } catch (SourceException e) {
            noCopy = e.getMessage();
        }
        return noCopy;
    }

    /** Why a state cannot be tried here; empty if it can. Ask {@link #noCopy} first. */
    public Optional<String> obstacle(State state) {
        if (state.needs() == State.Needs.ROOT && !isRoot) {
            return Optional.of("needs root");
        }
        if (state.needs() == State.Needs.DRIVEN) {
            return drive.flatMap(Drive::exercise).isEmpty()
                    ? Optional.of("nobody exercises it")
                    : Optional.of("it cannot be reached in a copy").filter(why -> !isInReach());
        }
        return state.needs() == State.Needs.NOTHING || noCopy.isEmpty()
                ? Optional.empty()
                : Optional.of(noCopy);
    }

    /** The states that can be tried here. Ask {@link #noCopy} first. */
    public List<State> possible() {
        return states.stream().filter(state -> obstacle(state).isEmpty()).toList();
    }

    /** Runs the target in each state, and adds what it shows to the series. */
    public void tryAll(RunSeries series) {
        RunFilter filter = series.allowingWhatIsKnown();
        for (State state : states) {
            Optional<String> obstacle = obstacle(state);
            if (obstacle.isPresent()) {
                leftOut.put(state.name(), obstacle.get());
            } else if (!series.endWasRequested()) {
                tryOne(series, state, filter);
            }
        }
    }

    private void tryOne(RunSeries series, State state, RunFilter filter) {
        try {
            Optional<Verdict> lost = Optional.empty();
            for (int i = 0; i < state.runs().size() && !series.endWasRequested(); i++) {
                int run = i;
                Recorder.Result result =
                        repeated(series, state, run, () -> runIn(series, state, filter));
                ends.computeIfAbsent(key(state, i), key -> new HashSet<>())
                        .add(result.exitStatus());
                lost = result.run().isComplete() ? lost : Optional.of(result.run().verdict());
            }
            if (lost.isEmpty()) {
                tried.remove(state);
                tried.add(state);
            } else {
                leftOut.put(state.name(), lost.get().toString());
                incomplete.add(state.name());
            }
        } catch (CommandFailure e) {
            leftOut.put(state.name(), e.getMessage());
        } finally {
            leave();
        }
    }

    /** Makes one run of a state, the first in a new copy, until it is complete. */
    private Recorder.Result repeated(
            RunSeries series, State state, int run, Supplier<Recorder.Result> record) {
        if (run == 0 && noCopy.isEmpty()) {
            copy = Optional.of(sandboxExec.copyFiles(state.needs() == State.Needs.FULL_COPY));
        }
        sandboxExec.surround(state.steps(run, series.usualMillis()));
        Recorder.Result result = record.get();
        for (int i = 1; i < TRIES && !result.run().isComplete() && !series.endWasRequested(); i++) {
            result = record.get();
        }
        return result;
    }

    private Recorder.Result runIn(RunSeries series, State state, RunFilter filter) {
        boolean driven = state.isReachable() && isInReach();
        return series.runIn(state, filter, driven, copy.filter(made -> isRoot));
    }

    /** Only root can join a copy, where the files are that a server makes. */
    private boolean isInReach() {
        return isRoot || !noCopy.isEmpty() || drive.filter(Drive::needsFile).isEmpty();
    }

    private void leave() {
        copy = Optional.empty();
        sandboxExec.surround(List.of());
        sandboxExec.dropCopy();
    }

    private static String key(State state, int run) {
        return state.runs().get(run) + " of " + state.name();
    }

    /**
     * Enforces the list in each state.
     *
     * @return what speaks against it; empty if no call was refused, and all ended as without it
     */
    public Optional<RunDoubt> verify(RunSeries series) {
        verified = 0;
        Optional<RunDoubt> doubt = Optional.empty();
        for (State state : List.copyOf(tried)) {
            if (doubt.isEmpty() && !series.endWasRequested()) {
                doubt = verify(series, state);
            }
        }
        return doubt.isEmpty() && series.endWasRequested()
                ? RunDoubt.other("the program was ended before the list was verified in each state")
                : doubt;
    }

    /** A refused call is added to the list, and then the state is tried again. */
    private Optional<RunDoubt> verify(RunSeries series, State state) {
        for (int i = 0; i < RunSeries.REFUSALS; i++) {
            RunFilter list = enforced(series);
            int before = verified;
            Optional<RunDoubt> doubt = enforce(series, state, list);
            if (doubt.isPresent() || enforced(series).equals(list)) {
                return doubt;
            }
            verified = before;
            tryOne(series, state, series.allowingWhatIsKnown());
        }
        return RunDoubt.other("in the state " + state.name() + " new calls were refused each time");
    }

    private static RunFilter enforced(RunSeries series) {
        return new RunFilter(true, series.policy().allowlist().entries());
    }

    private Optional<RunDoubt> enforce(RunSeries series, State state, RunFilter list) {
        try {
            for (int i = 0; i < state.runs().size(); i++) {
                Set<Integer> wanted = ends.get(key(state, i));
                Recorder.Result result = null;
                boolean same = false;
                for (int j = 0; j < TRIES && !same; j++) {
                    result = repeated(series, state, i, () -> runIn(series, state, list));
                    if (result.run().records() > 0 || series.endWasRequested()) {
                        return Optional.empty();
                    }
                    same =
                            result.run().isComplete()
                                    && (state.isByChance() || wanted.contains(result.exitStatus()));
                }
                if (!same) {
                    String what =
                            !result.run().isComplete()
                                    ? "the run under the list was " + result.run().verdict()
                                    : ("the program ended with status %s under enforcement, and"
                                           + " with %s without it, although no refused call was"
                                           + " recorded")
                                            .formatted(result.exitStatus(), wanted);
                    return RunDoubt.other("in the state " + state.name() + " " + what);
                }
                verified++;
            }
            return Optional.empty();
        } catch (CommandFailure e) {
            leftOut.put(state.name(), "under the list: " + e.getMessage());
            return Optional.empty();
        } finally {
            leave();
        }
    }

    /** The states in which all runs could be recorded. */
    public List<State> tried() {
        return List.copyOf(tried);
    }

    /** Why the others were not tried, by name. */
    public Map<String, String> leftOut() {
        Map<String, String> all = new LinkedHashMap<>(leftOut);
        Set<String> wanted = states.stream().map(State::name).collect(Collectors.toSet());
        State.all().stream()
                .map(State::name)
                .filter(name -> !wanted.contains(name))
                .forEach(name -> all.put(name, "not asked for"));
        return all;
    }

    /** Those of them in which not all could be recorded. */
    public Set<String> incomplete() {
        return new LinkedHashSet<>(incomplete);
    }

    /** How many runs in states ended under the list as without it. */
    public int verified() {
        return verified;
    }
}
