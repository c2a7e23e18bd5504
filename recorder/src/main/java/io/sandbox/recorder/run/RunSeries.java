// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.ObservedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs a target several times, and keeps all evidence with the earlier one. For one thread.
 *
 * <p>With a fixed number of runs, each run logs every call, because the estimate of what is still
 * unseen needs that. Known calls are allowed only after a loss. A series that goes on until runs
 * are quiet allows them from the second run on.
 *
 * <p>A run is quiet if it is complete and shows no new call; after any other run, the count begins
 * again. Seven quiet runs are wanted for this reason: take a call that each run makes with the
 * probability p. The probability that n runs lack it and the next run makes it is (1-p)^n p. With n
 * = 7, this is under 5 % for every p. This is about one call. For all calls together, the summary
 * gives an upper bound with 95 % confidence for the chance that another such run makes any new
 * call. After seven quiet runs, this bound is still about a third. More runs (59 for one in 20)
 * would take too long for most programs.
 *
 * <p>A list is proven by five runs under it in a row. A call that is refused is added to the list.
 * The next run only logs, because the first refused call ends a run under the list, and further
 * missing calls would show only one by one. Then the count begins again. An incomplete run under
 * the list proves nothing for or against it, so the count begins again after it too. The fifth
 * incomplete run ends the series without a list.
 */
public final class RunSeries {
    /** After one of these signals the next run is not started. */
    private static final Set<Integer> REQUESTS_TO_END =
            Set.of(Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, Signals.SIGTERM);

    /** After so many runs with new refused calls, further runs would have refused calls too. */
    static final int REFUSALS = 10;

    /** After so many runs that lost records, further runs would lose some too. */
    private static final int DISTURBANCES = 5;

    /** So much of what kept the runs from being quiet is told, each with its last run. */
    private static final int NEWS = 3;

    /** So much longer than a usual run may one in another state take. */
    private static final int SLOWER = 3;

    /** So much longer its exercise: 16 processes may compute beside it. */
    private static final int SLOWER_EXERCISE = 10;

    private static final Duration AT_LEAST = Duration.ofSeconds(2);

    private final Recorder recorder;
    private final RunPlan plan;
    private final Observer observer;
    private final List<Recorder.Result> results = new ArrayList<>();
    private Recording recording;

    /** The last run that was not enforced, in no particular state; null before the first. */
    private Recorder.Result usual;

    private int enforcedWell;
    private final Forecast forecast;
    private long lastEnd;
    private boolean cutShort;

    /** What went wrong with the driver of the last run without a list. */
    private Optional<Driven.Trouble> undriven = Optional.empty();

    public interface Observer {
        void runEnded(int number, Recorder.Result result, Recording soFar);

        /**
         * Told before each run: its state, empty for none, and how many runs there are at least and
         * what is left; 0 if that is not known.
         */
        default void begins(String state, int runs, long millisLeft) {}

        /** Told before runs without a capability: the program may complain of that. */
        default void lacks(String capability) {}
    }

    /** {@code known}: earlier evidence, to which the new runs are added. */
    public RunSeries(Recorder recorder, RunPlan plan, Recording known, Observer observer) {
        this.recorder = recorder;
        this.plan = plan;
        this.recording = known;
        this.observer = observer;
        forecast = new Forecast(plan.drive().isPresent());
    }

    /** So many usual runs are to come, as far as is known now, and those in these states. */
    public void expect(int runs, List<State> states) {
        forecast.expect(runs, states);
    }

    private Recorder.Result record(RunPlan each, String state) {
        boolean known = usual != null && forecast.runs() > 0;
        observer.begins(
                state,
                known ? results.size() + forecast.runs() : 0,
                known ? forecast.millis(usualMillis()) : 0);
        Recorder.Result result = recorder.record(each);
        lastEnd = System.currentTimeMillis();
        return result;
    }

    /**
     * Makes that many runs, each of which logs every call. But if a run lost records, the next one
     * allows what is known already. So it has less to log, and fills the gap.
     *
     * @return what speaks against the list
     */
    public Optional<RunDoubt> repeat(int runs) {
        for (int i = 0; i < runs && goesOn(); i++) {
            run(recording.unhealed().isEmpty() ? RunFilter.LOG_ALL : allowingWhatIsKnown());
        }
        return undriven();
    }

    private Optional<RunDoubt> undriven() {
        return undriven.map(why -> RunDoubt.of("run " + results.size() + ", without a list", why));
    }

    private boolean goesOn() {
        return undriven.isEmpty() && !endWasRequested();
    }

    /**
     * Runs until {@code quiet} runs in a row show nothing new and lose nothing. The first run logs
     * every call, the others allow what is known.
     *
     * @return what speaks against the list; empty if there were {@code quiet} such runs within
     *     {@code max} runs
     */
    public Optional<RunDoubt> repeatUntilQuiet(int quiet, int max) {
        run(RunFilter.LOG_ALL);
        int inARow = 0;
        Map<String, Integer> news = new LinkedHashMap<>();
        for (int i = 1; i < max && inARow < quiet && goesOn(); i++) {
            LearnedPolicy before = policy();
            run(allowingWhatIsKnown());
            boolean isQuiet = last().run().isComplete() && policy().equals(before);
            if (!isQuiet) {
                String what = newsSince(before);
                news.remove(what);
                news.put(what, results.size());
            }
            forecast.addUsual(isQuiet ? 0 : inARow + 1);
            inARow = isQuiet ? inARow + 1 : 0;
        }
        if (endWasRequested()) {
            return RunDoubt.other(
                    "the program was ended before enough runs in a row showed nothing new");
        }
        if (undriven.isPresent()) {
            return undriven();
        }
        if (inARow == quiet) {
            return Optional.empty();
        }
        String form =
                "%s runs were too few: the last %s must show no new calls and lose no records, but"
                        + " only %s did; %s";
        String lately =
                news.entrySet().stream()
                        .skip(Math.max(0, news.size() - NEWS))
                        .map(each -> "run " + each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
        String sentence = form.formatted(results.size(), quiet, inARow, lately);
        return Optional.of(new RunDoubt(RunDoubt.Kind.TOO_FEW_RUNS, sentence));
    }

    /** Why the last run was not quiet. */
    private String newsSince(LearnedPolicy before) {
        List<String> entries = new ArrayList<>(allowlist().entries());
        entries.removeAll(before.allowlist().entries());
        return entries.isEmpty()
                ? "was " + last().run().verdict()
                : "brought " + String.join(" ", entries);
    }

    /**
     * Enforces what was learned, until no call was refused in that many runs in a row. A refused
     * call is added to the list. Then a run that only logs shows which calls come after it, and the
     * count starts again. So it does after an incomplete run, which proves nothing.
     *
     * @return what speaks against the list; empty if the last {@code times} runs had no refused
     *     call and ended with the same status as the last usual run that was not enforced
     */
    public Optional<RunDoubt> verify(int times) {
        int wanted = usual.exitStatus();
        int refusals = 0;
        int disturbances = 0;
        enforcedWell = 0;
        while (enforcedWell < times) {
            Allowlist list = allowlist();
            run(new RunFilter(true, list.entries()));
            if (lastProvesNothing() && ++disturbances < DISTURBANCES) {
                enforcedWell = 0;
                continue;
            }
            if (last().run().records() == 0 || endWasRequested()) {
                Optional<RunDoubt> doubt = judgeEnforced(wanted, times);
                if (doubt.isPresent()) {
                    return doubt;
                }
                enforcedWell++;
                continue;
            }
            if (allowlist().equals(list)) {
                return RunDoubt.other("under enforcement a call was refused that no list can hold");
            }
            enforcedWell = 0;
            if (++refusals == REFUSALS) {
                return RunDoubt.other(
                        REFUSALS + " runs under enforcement were each refused new calls");
            }
            run(allowingWhatIsKnown());
            if (undriven.isPresent()) {
                return undriven();
            }
        }
        return Optional.empty();
    }

    /**
     * Finds out which of the capabilities that were granted the target needs, by giving it all of
     * them but one, and no other: another might do instead. What these runs show beside that is not
     * kept. One that some runs did not use is not tried: the first run may have done what it is
     * for.
     */
    public void tryCapabilities() {
        Optional<RunCapabilities> used = usual.run().capabilities();
        long granted = used.isPresent() ? kept(recording) : 0;
        if (granted == 0 || !recorder.lack(0)) {
            return;
        }
        CapabilityTrial trial = new CapabilityTrial(usual, recording, results);
        long always =
                results.stream()
                        .map(Recorder.Result::run)
                        .filter(run -> run.state().isEmpty() && run.capabilities().isPresent())
                        .mapToLong(run -> kept(Recording.of(run)))
                        .reduce(granted, (one, other) -> one & other);
        for (long left = always; left != 0 && !endWasRequested(); left &= left - 1) {
            tryWithout(Long.lowestOneBit(left), used.get().held() & ~granted, trial);
        }
        Run before = usual.asJudged();
        Run after = before.using(used.get().tried(trial.needed(), trial.spared()));
        recording =
                new Recording(
                        recording.runs().stream()
                                .map(run -> run.equals(before) ? after : run)
                                .toList());
    }

    private static long kept(Recording recording) {
        return LearnedCapabilities.of(recording).map(LearnedCapabilities::kept).orElse(0L);
    }

    private void tryWithout(long capability, long others, CapabilityTrial trial) {
        RunPlan limited =
                hurried(RunFilter.LOG_ALL)
                        .within(longest(), true, Duration.ZERO, Duration.ZERO, Optional.empty());
        recorder.lack(capability | others);
        observer.lacks(String.join(" ", Capability.names(capability)));
        try {
            do {
                Recorder.Result result = recorder.record(limited);
                if (recorder.endWasRequested()) {
                    return;
                }
                trial.take(capability, result);
            } while (trial.wantsMore());
        } catch (CommandFailure e) {
            trial.takeFailure(capability);
        } finally {
            recorder.lack(0);
        }
    }

    /** How many of the last runs in a row went under enforcement as they did without it. */
    public int enforcedWell() {
        return enforcedWell;
    }

    /** Incomplete without records: the lost ones may hold refused calls. */
    private boolean lastProvesNothing() {
        return !endWasRequested() && !last().run().isComplete() && last().run().records() == 0;
    }

    private Optional<RunDoubt> judgeEnforced(int wanted, int times) {
        int status = last().exitStatus();
        if (endWasRequested()) {
            return RunDoubt.other(
                    "the run under enforcement was cut short, so the list is not proven");
        }
        if (!last().run().isComplete()) {
            return RunDoubt.other(
                    "the list is not proven, since its run was " + last().run().verdict());
        }
        Optional<Driven.Trouble> trouble = last().driven().trouble();
        if (trouble.isPresent()) {
            String run =
                    "usual run %s of %s under the list, where no call was refused"
                            .formatted(enforcedWell + 1, times);
            return trouble.map(why -> RunDoubt.of(run, why));
        }
        if (status != wanted) {
            return RunDoubt.other(
                    String.format(
                            "under enforcement the program ended with status %s instead of"
                                    + " %s, although no refused call was recorded",
                            status, wanted));
        }
        return last().outputChanged()
                ? Optional.of(
                        new RunDoubt(
                                RunDoubt.Kind.OUTPUT_DIFFERS,
                                "under enforcement the program's output differed"))
                : Optional.empty();
    }

    private void run(RunFilter filter) {
        RunPlan next = filter.enforced() ? hurried(filter) : plan.under(filter);
        Recorder.Result result = record(next, "");
        if (result.driven().is(Driven.Kind.PORT_HELD)) {
            // It shows a failed start only. The next one waits for the port.
            result = recorder.record(next);
        }
        boolean hasBegun = result.run().records() > 0 || result.run().isComplete();
        cutShort = !hasBegun && (recorder.endWasRequested() || isRequestToEnd(result));
        if (cutShort && !results.isEmpty()) {
            // The user ended the run before it had made a call, so it shows nothing.
            return;
        }
        if (!filter.enforced()) {
            usual = result;
            undriven = result.driven().trouble();
        }
        if (undriven.isPresent()) {
            result.driven().requireReady();
        }
        forecast.addUsual(-1);
        keep(result);
    }

    private void keep(Recorder.Result result) {
        results.add(result);
        recording = recording.merge(Recording.of(result.asJudged()));
        observer.runEnded(results.size(), result, recording);
    }

    /**
     * Makes a run in the state in which the target is started now. Only a complete one is kept: the
     * list holds what the usual runs made, whatever this one lost.
     *
     * @param driven whether a server is driven there
     * @param copy of the file systems, which those who drive it join
     */
    Recorder.Result runIn(
            State state, RunFilter filter, boolean driven, Optional<SandboxExec.FileCopy> copy) {
        Duration busy = state.isStruck() ? Duration.ofMillis(usualMillis()) : Duration.ZERO;
        RunPlan varied = hurried(filter).within(longest(), driven, state.idle(), busy, copy);
        long before = lastEnd;
        Recorder.Result result = record(varied, state.name()).in(state.name());
        boolean counts = result.run().isComplete() && !recorder.endWasRequested();
        forecast.ranIn(state, counts, lastEnd - before, usualMillis());
        if (counts) {
            keep(result);
        }
        return result;
    }

    private Duration longest() {
        return Duration.ofMillis(SLOWER * usualMillis()).plus(AT_LEAST);
    }

    /** In a state, under a list or without a capability, a server may live and never answer. */
    private RunPlan hurried(RunFilter filter) {
        Duration most = Duration.ofMillis(SLOWER_EXERCISE * usualMillis()).plus(AT_LEAST);
        return plan.under(filter).exercisedFor(most);
    }

    long usualMillis() {
        return usual.run().millis();
    }

    RunFilter allowingWhatIsKnown() {
        // A call that fails under the list is made here, and then seen.
        return new RunFilter(
                false, allowlist().entries().stream().filter(entry -> !fails(entry)).toList());
    }

    /** Whether the user asked to end the series. A time limit ends only its run. */
    public boolean endWasRequested() {
        return cutShort
                || recorder.endWasRequested()
                || !results.isEmpty() && last().run().state().isEmpty() && isRequestToEnd(last());
    }

    private static boolean isRequestToEnd(Recorder.Result result) {
        int signal = WaitStatus.signal(result.waitStatus());
        return signal != result.endSignal() && REQUESTS_TO_END.contains(signal);
    }

    private static boolean fails(String entry) {
        return PolicyText.parseEntries(entry).stream().anyMatch(read -> read.errno().isPresent());
    }

    private Allowlist allowlist() {
        return policy().allowlist();
    }

    /** The policy that all evidence gives. */
    public LearnedPolicy policy() {
        return LearnedPolicy.of(
                recording.calls(),
                plan.arch(),
                LearnedConditions.of(recording, plan.arguments().limit()));
    }

    /** The calls that have no conditions because not all of their arguments are known. */
    public List<ObservedCall> withoutConditions() {
        return LearnedConditions.unknown(recording, plan.arguments(), plan.arch());
    }

    /** All evidence, including that from before the series. */
    public Recording recording() {
        return recording;
    }

    /** The runs of this series, in order. */
    public List<Recorder.Result> results() {
        return List.copyOf(results);
    }

    /** The last run. There must be one. */
    public Recorder.Result last() {
        return results.get(results.size() - 1);
    }

    /**
     * The names of signals that executables of the target handle and that no run sent, as far as is
     * known of earlier runs: of them, we know the states only.
     */
    public Map<String, Set<String>> unsentSignals() {
        OptionalInt reload = plan.drive().map(Drive::reload).orElse(OptionalInt.empty());
        return HandledSignals.unsent(recording, results, reload.orElse(0));
    }

    /** Calls that only runs under enforcement showed. */
    public Set<ObservedCall> seenOnlyEnforced() {
        Set<ObservedCall> enforced = new TreeSet<>();
        Set<ObservedCall> logged = new TreeSet<>();
        recording
                .runs()
                .forEach(run -> (run.filter().enforced() ? enforced : logged).addAll(run.calls()));
        enforced.removeAll(logged);
        return enforced;
    }
}
