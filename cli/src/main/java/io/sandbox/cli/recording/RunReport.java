// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static io.sandbox.cli.recording.RunWords.seconds;
import static io.sandbox.evidence.drift.report.Wording.count;
import static io.sandbox.syscalldb.ObservedCall.names;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import io.sandbox.recorder.run.Driver;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Prints to standard error while a run goes on and when it ends. */
public final class RunReport implements Recorder.Observer, RunSeries.Observer {
    /** How many kinds of failed processes to name. */
    private static final int MOST_FAILURES = 3;

    private static final String UNSEEN_END =
            "the calls by which it would have ended in order are not in the list";

    private final Console console;
    private final boolean quiet;
    private final boolean severalRuns;
    private final Function<Recording, List<String>> remarks;
    private final LiveLine live;
    private final Set<ObservedCall> known = new TreeSet<>();
    private boolean driven;
    private boolean endTold;
    private boolean lossTold;
    private boolean statesTold;

    /** How the runs in no state and without a list ended. */
    private final List<Integer> usualEnds = new ArrayList<>();

    /**
     * @param severalRuns whether each run gets a line
     * @param remarks what is to be said of the first run
     */
    public RunReport(
            Console console,
            boolean quiet,
            boolean severalRuns,
            Function<Recording, List<String>> remarks) {
        this.console = console;
        this.remarks = remarks;
        live = new LiveLine(console, System::nanoTime);
        this.quiet = quiet;
        this.severalRuns = severalRuns;
    }

    @Override
    public void running(Progress progress, LongSupplier losses) {
        if (!quiet) {
            live.update(progress, losses);
        }
    }

    public Console console() {
        return console;
    }

    /** Removes the progress line. */
    public void clear() {
        live.clear();
    }

    @Override
    public void begins(String state, int runs, long millisLeft) {
        live.begins(state, runs, millisLeft);
        if (!state.isEmpty() && !statesTold) {
            statesTold = true;
            sayIfAllFailed();
            tell(
                    "runs in states follow, in which the program may fail and complain; that is no"
                            + " failure of the recording (what the exercise prints there is not"
                            + " shown)");
        }
    }

    @Override
    public void lacks(String capability) {
        tell("without " + capability + ", to see whether it is needed:");
    }

    private void tell(String sentence) {
        if (!quiet) {
            live.clear();
            console.sayOnce(sentence);
        }
    }

    @Override
    public void driven(Driver.Stage stage) {
        driven = true;
        live.driven(stage);
    }

    @Override
    public void descendantLeft(int pid) {
        live.clear();
        console.say(
                ("the program has ended, process %s that it started goes on; still recording"
                                + " (Ctrl-C ends that process and the recording)")
                        .formatted(pid));
    }

    @Override
    public void slow() {
        tell(
                "this kernel cannot switch between the program and its recorder directly, so each"
                        + " call takes some 40 microseconds (Linux 6.6 can)");
    }

    @Override
    public void interrupted() {
        tell(
                "a signal interrupted a call while it was being recorded, so the call may have"
                        + " failed with EINTR, as it would not have without the recording (as root,"
                        + " --source bpf interrupts none)");
    }

    @Override
    public void changesSource(String source) {
        tell(
                "others log in or record here, which disturbs the records: from now on, --source "
                        + source);
    }

    @Override
    public void runEnded(int number, Recorder.Result result, Recording soFar) {
        live.runEnded();
        List<ObservedCall> added = soFar.calls().stream().filter(known::add).toList();
        if (!result.run().state().isEmpty()) {
            sayState(result, added);
            return;
        }
        sayRun(number, result, added.size());
        sayEnd(result);
        sayFailures(result);
        if (!result.run().filter().enforced()) {
            usualEnds.add(result.exitStatus());
        }
        if (result.sessionChanged()) {
            console.say("a process left its audit session; it was followed into the new one");
        }
        if (number == 1) {
            remarks.apply(Recording.of(result.run())).forEach(this::tell);
        }
    }

    private void sayRun(int number, Recorder.Result result, int added) {
        Run run = result.run();
        if (run.filter().enforced()) {
            if (run.records() > 0) {
                console.say(
                        "under enforcement the list was not enough, added: " + names(run.calls()));
            }
        } else if (severalRuns && !quiet) {
            String calls =
                    run.filter().showsAll()
                            ? count(run.calls().size(), "syscall")
                            : "known calls not recorded";
            String records = count(run.records(), "record") + ", " + seconds(run);
            String end = run.isComplete() ? "complete" : "incomplete";
            if (!run.isComplete() && !lossTold) {
                lossTold = true;
                end = SignAdvice.in(run).verdict().toString();
            }
            console.say(
                    "run %s: %s, %s new, %s, status %s: %s"
                            .formatted(number, calls, added, records, result.exitStatus(), end));
        }
    }

    /** What is refused or fails in a state may be right there. */
    private void sayState(Recorder.Result result, List<ObservedCall> added) {
        Run run = result.run();
        if (run.filter().enforced() && run.records() > 0) {
            console.say(
                    "state %s: under enforcement the list was not enough, added: %s"
                            .formatted(run.state(), names(run.calls())));
        } else if (!added.isEmpty()) {
            console.say("state " + run.state() + ": " + added.size() + " new: " + names(added));
        }
    }

    private void sayEnd(Recorder.Result result) {
        int signal = WaitStatus.signal(result.waitStatus());
        if (result.timeIsUp() && signal == Signals.SIGKILL) {
            console.say(
                    "the program did not end within 10 s of SIGTERM and was killed; " + UNSEEN_END);
        } else if (signal != 0 && !result.run().filter().enforced() && !endTold) {
            endTold = true;
            console.say("signal " + signal + " ended the program; " + UNSEEN_END);
        } else if (driven && result.endSignal() == 0 && result.exitStatus() != 0 && !endTold) {
            endTold = true;
            console.say("nobody stopped the program: it ended with status " + result.exitStatus());
        }
    }

    /** Warns if several runs, and each of them, failed: the list may be that of a mistake. */
    public void sayIfAllFailed() {
        if (usualEnds.size() > 1 && !usualEnds.contains(0)) {
            String statuses =
                    usualEnds.stream().distinct().map(String::valueOf).collect(joining(" or "));
            console.say(
                    "warning: all %s runs ended with status %s: if that is an error, the list has"
                                    .formatted(usualEnds.size(), statuses)
                            + " only what the program does until then");
        }
    }

    /** Reports failed descendants: a daemon's first process succeeds even if it fails. */
    private void sayFailures(Recorder.Result result) {
        List<FailedEnd> failures =
                result.failures().stream()
                        .filter(end -> !quiet || end.outlived())
                        .filter(end -> !isOurs(end, result))
                        .toList();
        if (failures.isEmpty()) {
            return;
        }
        Map<String, Long> kinds =
                failures.stream()
                        .collect(groupingBy(RunReport::failure, LinkedHashMap::new, counting()));
        String some =
                kinds.entrySet().stream()
                        .limit(MOST_FAILURES)
                        .map(RunReport::times)
                        .collect(joining(", "));
        console.say(
                count(failures.size(), "process")
                        + " that the program started ended with an error: "
                        + some
                        + (kinds.size() > MOST_FAILURES ? ", and others" : ""));
    }

    private static String times(Map.Entry<String, Long> failure) {
        long count = failure.getValue();
        return failure.getKey() + (count > 1 ? " (" + count + " times)" : "");
    }

    /** Whether we ended the process because its time was over. */
    private static boolean isOurs(FailedEnd end, Recorder.Result result) {
        int signal = WaitStatus.signal(end.waitStatus());
        return result.endSignal() != 0
                && (signal == result.endSignal() || signal == Signals.SIGKILL);
    }

    private static String failure(FailedEnd end) {
        int signal = WaitStatus.signal(end.waitStatus());
        return (end.executable().isEmpty() ? "process " + end.process() : end.executable())
                + (signal != 0
                        ? " by signal " + signal
                        : " with status " + WaitStatus.exitStatus(end.waitStatus()))
                + (end.outlived() ? " after the program itself had ended" : "");
    }
}
