package io.sandbox.cli.learn;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ProgressBar;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.Signals;
import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.recorder.evidence.Estimate;
import io.sandbox.recorder.evidence.EvidenceCollector;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.evidence.Verdict;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.recorder.source.ProcessEnds;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything that a recording says on standard error: the live line, the summary, the warnings. */
public final class RunReport implements Recorder.Listener, RunSeries.Listener {
    private static final int STDERR = 2;

    /** How many of those that ended with an error are named. */
    private static final int MOST_FAILURES = 3;

    /** Of a status as wait(2) gives it. */
    private static final int SIGNAL_MASK = 0x7f;

    private static final String UNSEEN_END =
            "the calls by which it would have ended in order are not in the list";

    private static final long LIVE_AFTER_NANOS = 1_000_000_000L;
    private static final long LIVE_INTERVAL_NANOS = 200_000_000L;

    private final Console console;
    private final boolean quiet;
    private final boolean severalRuns;
    private final long start = System.nanoTime();
    private long nextLive = start + LIVE_AFTER_NANOS;
    private boolean liveShown;
    private int lastCallCount = -1;
    private long lastNewNanos = start;
    private long lastRecords;
    private int knownCalls;
    private boolean slowTold;
    private boolean interruptedTold;
    private boolean endTold;

    /**
     * @param severalRuns whether each run is worth a line
     */
    public RunReport(Console console, boolean quiet, boolean severalRuns) {
        this.console = console;
        this.quiet = quiet;
        this.severalRuns = severalRuns;
    }

    @Override
    public void running(EvidenceCollector evidence, Recorder.LossCount losses) {
        long now = System.nanoTime();
        if (evidence.callCount() != lastCallCount) {
            lastCallCount = evidence.callCount();
            lastNewNanos = now;
        }
        if (quiet || now < nextLive) {
            return;
        }
        long perSecond =
                (evidence.records() - lastRecords)
                        * 1_000_000_000L
                        / Math.max(1, now - nextLive + LIVE_INTERVAL_NANOS);
        lastRecords = evidence.records();
        nextLive = now + LIVE_INTERVAL_NANOS;
        // A program that has switched the terminal to its own use is not to be drawn over, nor
        // what it may have asked before it waits for an answer.
        if (LibC.isLineTerminal(STDERR) && !isReading(evidence)) {
            long lost = losses.query();
            String text =
                    String.format(
                            Locale.ROOT,
                            "[recording %.0f s, %d syscalls, last new %.0f s ago, %d records/s,"
                                    + " %s]",
                            (now - start) / 1e9,
                            evidence.callCount(),
                            (now - lastNewNanos) / 1e9,
                            perSecond,
                            lost == 0 ? "nothing lost" : lost + " lost");
            // In the last column the cursor would be in the next line.
            showLive(ProgressBar.fitted(text, LibC.columns(STDERR) - 1));
            liveShown = true;
        }
    }

    private static boolean isReading(EvidenceCollector evidence) {
        return evidence.records() > 0 && evidence.lastCall().displayName().equals("read");
    }

    /** Ends at the start of the line, so that whatever the program writes next goes over it. */
    private static void showLive(String text) {
        System.err.print("\r\033[K" + text + "\r");
        System.err.flush();
    }

    private void clearLive() {
        if (liveShown) {
            System.err.print("\033[K");
            System.err.flush();
            liveShown = false;
        }
    }

    @Override
    public void descendantLeft(int pid) {
        clearLive();
        console.say(
                "the program has ended, process "
                        + pid
                        + " that it started goes on; still recording (Ctrl-C ends that process and"
                        + " the recording)");
    }

    @Override
    public void slow() {
        if (!quiet && !slowTold) {
            slowTold = true;
            console.say(
                    "this kernel cannot switch between the program and its recorder directly, so"
                            + " each call takes some 40 microseconds (Linux 6.6 can)");
        }
    }

    @Override
    public void interrupted() {
        if (!quiet && !interruptedTold) {
            interruptedTold = true;
            clearLive();
            console.say(
                    "a signal came before the kernel had asked about a call, so the program may"
                            + " have seen the call fail with EINTR, which it would not have"
                            + " without the recording (--source audit does not stand in the way)");
        }
    }

    @Override
    public void runEnded(int number, Recorder.Result result, Recording soFar) {
        clearLive();
        Run run = result.run();
        int calls = soFar.calls().size();
        int added = calls - knownCalls;
        knownCalls = calls;
        lastCallCount = -1;
        lastRecords = 0;
        if (run.filter().enforced()) {
            if (run.records() > 0) {
                console.say(
                        "under enforcement the list was not enough, added: " + names(run.calls()));
            }
        } else if (severalRuns && !quiet) {
            console.say(
                    String.format(
                            Locale.ROOT,
                            "run %d: %s, %d new, %s, %s, status %d: %s",
                            number,
                            count(run.calls().size(), "syscall"),
                            added,
                            count(run.records(), "record"),
                            seconds(run),
                            result.exitStatus(),
                            verdictWord(run.verdict())));
        }
        int signal = result.waitStatus() & SIGNAL_MASK;
        if (result.timeIsUp() && signal == Signals.SIGKILL) {
            console.say(
                    "the program did not end within 10 s of SIGTERM and was killed; " + UNSEEN_END);
        } else if (signal != 0 && !run.filter().enforced() && !endTold) {
            endTold = true;
            console.say("signal " + signal + " ended the program; " + UNSEEN_END);
        }
        sayFailures(result);
        if (result.sessionChanged()) {
            console.say("a process left its audit session; it was followed into the new one");
        }
    }

    /** A daemon that fails looks like a program that succeeds. */
    private void sayFailures(Recorder.Result result) {
        List<ProcessEnds.End> failures =
                result.failures().stream()
                        .filter(end -> !quiet || end.outlived())
                        .filter(end -> !isOurs(end, result))
                        .toList();
        if (failures.isEmpty()) {
            return;
        }
        String some =
                failures.stream()
                        .limit(MOST_FAILURES)
                        .map(RunReport::failure)
                        .collect(Collectors.joining(", "));
        int others = failures.size() - MOST_FAILURES;
        console.say(
                count(failures.size(), "process")
                        + " that the program started ended with an error: "
                        + some
                        + (others > 0 ? " and " + others + " more" : ""));
    }

    /** Whether we ended it, when its time was over. */
    private static boolean isOurs(ProcessEnds.End end, Recorder.Result result) {
        int signal = end.waitStatus() & SIGNAL_MASK;
        return result.timeIsUp() && (signal == Signals.SIGTERM || signal == Signals.SIGKILL);
    }

    private static String failure(ProcessEnds.End end) {
        int signal = end.waitStatus() & SIGNAL_MASK;
        return end.process()
                + (signal != 0 ? " by signal " + signal : " with status " + (end.waitStatus() >> 8))
                + (end.outlived() ? " after the program itself had ended" : "");
    }

    /**
     * All of what the runs showed, in one line, and what they could not show.
     *
     * @param inexpressible calls that no list can hold
     * @param doubt what speaks against the list, though all of the evidence may be there
     */
    void finish(
            RunSeries series,
            List<ObservedCall> inexpressible,
            String source,
            Optional<String> doubt) {
        List<Run> unhealed = series.recording().unhealed();
        if (!quiet) {
            boolean reserved =
                    series.recording().runs().stream()
                            .anyMatch(run -> !run.verdict().reservations().isEmpty());
            String whole = reserved ? "complete, with a reservation" : "complete";
            String verdict = unhealed.isEmpty() ? whole : "incomplete";
            console.say(summary(series, source) + ": " + verdict);
        }
        for (String warning : RunWarnings.query(series.recording())) {
            console.say(warning);
        }
        Map<String, List<ObservedCall>> byArch =
                inexpressible.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ObservedCall::archName, TreeMap::new, Collectors.toList()));
        byArch.forEach(this::sayInexpressible);
        if (!quiet) {
            Estimate.of(series.recording()).ifPresent(this::sayEstimate);
        }
        for (Run lossy : unhealed) {
            if (lossy.verdict() instanceof Verdict.Incomplete incomplete) {
                console.say(incomplete + " (" + advice(incomplete, lossy.source()) + ")");
            }
        }
        if (doubt.isPresent()) {
            console.say("no list: " + doubt.get() + " (--partial prints it)");
        } else if (!quiet && series.last().run().filter().enforced()) {
            int times = series.enforcedWell();
            console.say(
                    "verified: "
                            + times
                            + " of "
                            + count(times, "run")
                            + " under the list ended with the same status as without it");
        }
    }

    private static String summary(RunSeries series, String source) {
        Recording recording = series.recording();
        Recorder.Result last = series.last();
        int executables =
                (int)
                        recording.runs().stream()
                                .flatMap(run -> run.programs().stream())
                                .map(ProgramEvidence::executable)
                                .distinct()
                                .count();
        int runs = recording.runs().size();
        long records = recording.runs().stream().mapToLong(Run::records).sum();
        String extent =
                runs == 1
                        ? "of "
                                + count(last.processes(), "process")
                                + " in "
                                + count(executables, "executable")
                                + ", "
                                + seconds(last.run())
                        : "in " + count(runs, "run") + " of " + count(executables, "executable");
        return count(recording.calls().size(), "syscall")
                + ", "
                + count(records, "record")
                + " "
                + extent
                + ", source "
                + source;
    }

    /** For those who are past the first look at a program: what no run on this machine shows. */
    void sayUnseen(Set<String> names) {
        if (!quiet && !names.isEmpty()) {
            console.say(
                    "not to be seen here, where the vDSO answers them: "
                            + String.join(" ", names)
                            + " (--portable adds them, and what other C libraries call)");
        }
    }

    /**
     * For a list that holds today and kills the program on another day.
     *
     * @param programs executables that have threads, by path
     * @param lacking what the list lacks of the calls that such programs make by chance
     */
    void sayChanceCalls(Set<String> programs, Set<String> lacking) {
        if (!quiet && !programs.isEmpty() && !lacking.isEmpty()) {
            boolean one = programs.size() == 1;
            console.say(
                    programs.stream().map(RunReport::programName).collect(Collectors.joining(", "))
                            + (one ? " has threads, and its runtime makes" : " have threads, and")
                            + (one ? "" : " their runtimes make")
                            + " some calls by chance; not in the list are: "
                            + String.join(" ", lacking)
                            + " (--chance-calls adds them)");
        }
    }

    private static String programName(String path) {
        return path.isEmpty() ? "a program" : ShellQuote.quote(path);
    }

    /** A container is not what the user wants a list of, as a rule. */
    void sayContainers(Set<String> runtimes) {
        if (!quiet && !runtimes.isEmpty()) {
            console.say(
                    String.join(", ", runtimes)
                            + (runtimes.size() == 1 ? " runs" : " run")
                            + " programs in containers: the list is of both together (for that of"
                            + " the program inside, take --per-exe, or run sandbox-learn in the"
                            + " container)");
        }
    }

    /** With a bound, since so few runs exclude little. */
    private void sayEstimate(Estimate estimate) {
        String found;
        if (estimate.finds() > 0) {
            found = "seen in only one of them: " + names(estimate.singular());
        } else if (estimate.sample() == estimate.runs()) {
            found = "each call was seen in at least two of them";
        } else {
            found =
                    estimate.sample() == 0
                            ? "the last one still showed new calls"
                            : "the last " + estimate.sample() + " showed nothing new";
        }
        int rare = rareFrequency(estimate);
        console.say(
                "from "
                        + estimate.runs()
                        + " runs: the chance that another run makes a call that is not listed is "
                        + (estimate.finds() > 0
                                ? "about " + percent(estimate.chanceOfNew()) + ", and "
                                : "")
                        + "at most "
                        + percent(estimate.upperBound())
                        + ", with 95 % confidence ("
                        + found
                        + "); a call that one run in "
                        + rare
                        + " makes would have been missed with "
                        + percent(estimate.chanceOfMissing(rare)));
    }

    /** Of a call that may well have been missed. */
    private static int rareFrequency(Estimate estimate) {
        int frequency = 5;
        while (estimate.chanceOfMissing(frequency) < 0.05) {
            frequency *= 2;
        }
        return frequency;
    }

    /** What is not impossible is never said to be 0 %. */
    private static String percent(double chance) {
        return Math.max(1, Math.round(chance * 100)) + " %";
    }

    /** Not by String.format, which costs 7 ms when it first has to do with a fraction. */
    private static String seconds(Run run) {
        long hundredths = (run.millis() + 5) / 10;
        String fraction = hundredths % 100 < 10 ? ".0" : ".";
        return hundredths / 100 + fraction + hundredths % 100 + " s";
    }

    private static String verdictWord(Verdict verdict) {
        return verdict instanceof Verdict.Complete ? "complete" : "incomplete";
    }

    private static String names(Collection<ObservedCall> calls) {
        return calls.stream()
                .map(ObservedCall::displayName)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String advice(Verdict.Incomplete incomplete, String source) {
        String again = "";
        if (incomplete.lost() > 0) {
            again =
                    source.equals("kmsg")
                            ? "try --source audit, or --until-quiet; "
                            : "try --until-quiet; ";
        }
        return again + "--partial prints the list so far";
    }

    private void sayInexpressible(String arch, List<ObservedCall> calls) {
        String reason =
                calls.stream().anyMatch(call -> call.number() < 0)
                        ? "no list can hold a negative number"
                        : "a list is for one architecture; enforced, the program would die there;"
                                + " --per-exe prints one for each";
        console.say(
                "no list: these calls of "
                        + arch
                        + " do not fit into one: "
                        + names(calls)
                        + " ("
                        + reason
                        + "; --partial prints the rest)");
    }

    /**
     * What to do with the list, for whoever sees it for the first time.
     *
     * @param readList words for a shell that read the list from its file; empty if it was printed
     */
    void nextStep(List<String> command, FilterStart from, String readList) {
        if (quiet) {
            return;
        }
        String means =
                from == FilterStart.PRELOAD
                        ? "LD_PRELOAD=" + System.getProperty("sandbox.home") + "/libsandbox.so "
                        : "sandboxify --from " + from + " ";
        String words = command.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
        String how = readList.isEmpty() ? ", put the list in front of: " : ": ";
        console.say("to enforce it" + how + readList + means + words);
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
