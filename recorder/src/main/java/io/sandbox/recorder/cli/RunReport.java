package io.sandbox.recorder.cli;

import io.sandbox.recorder.LearnedPolicy;
import io.sandbox.recorder.Recorder;
import io.sandbox.recorder.Recording;
import io.sandbox.recorder.Recording.ObservedCall;
import io.sandbox.recorder.Supervisor;
import io.sandbox.recorder.Verdict;
import io.sandbox.recorder.source.LibC;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything that a recording says on standard error: the live line, the summary, the warnings. */
final class RunReport implements Recorder.Listener {
    private static final int STDERR = 2;
    private static final long LIVE_AFTER_NANOS = 1_000_000_000L;
    private static final long LIVE_INTERVAL_NANOS = 200_000_000L;

    private final Console console;
    private final boolean quiet;
    private final long start = System.nanoTime();
    private long nextLive = start + LIVE_AFTER_NANOS;
    private boolean liveShown;

    RunReport(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    @Override
    public void running(Recording recording) {
        long now = System.nanoTime();
        if (quiet || now < nextLive) {
            return;
        }
        nextLive = now + LIVE_INTERVAL_NANOS;
        // A program that has switched the terminal to its own use is not to be drawn over.
        if (LibC.isLineTerminal(STDERR)) {
            showLive(
                    String.format(
                            Locale.ROOT,
                            "[recording %.0f s, %d syscalls, %d records]",
                            (now - start) / 1e9,
                            recording.callCount(),
                            recording.records()));
            liveShown = true;
        }
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

    void finish(Recorder.Result result, LearnedPolicy policy, String source) {
        clearLive();
        Recording recording = result.recording();
        String verdict = result.verdict() instanceof Verdict.Complete ? "complete" : "incomplete";
        if (!quiet) {
            console.say(
                    String.format(
                            Locale.ROOT,
                            "%s, %s of %s in %s, %.2f s, source %s: %s",
                            count(recording.callCount(), "syscall"),
                            count(recording.records(), "record"),
                            count(result.processes(), "process"),
                            count(recording.executableCount(), "executable"),
                            result.nanos() / 1e9,
                            source,
                            verdict));
        }
        warn(result, policy);
        if (result.verdict() instanceof Verdict.Incomplete incomplete) {
            console.say(incomplete + " (" + advice(incomplete, source) + ")");
        }
    }

    private static String advice(Verdict.Incomplete incomplete, String source) {
        String again = "";
        if (incomplete.lost() > 0) {
            again =
                    source.equals("kmsg")
                            ? "try --source audit, or run it again; "
                            : "run it again; ";
        }
        return again + "--partial prints the list so far";
    }

    private void warn(Recorder.Result result, LearnedPolicy policy) {
        if (result.sessionChanged()) {
            console.say("a process left its audit session; it was followed into the new one");
        }
        List<String> names = policy.allowlist().entries();
        if (names.contains("io_uring_setup")) {
            console.say(
                    "the program uses io_uring: operations submitted that way pass no filter and"
                            + " are not listed");
        }
        if (names.contains("seccomp")) {
            console.say(
                    "the program loads a filter of its own: calls which that one refuses, or hands"
                            + " to another process, are not listed");
        }
        Map<String, List<ObservedCall>> byArch =
                policy.inexpressible().stream()
                        .collect(
                                Collectors.groupingBy(
                                        ObservedCall::archName, TreeMap::new, Collectors.toList()));
        byArch.forEach(this::sayInexpressible);
    }

    private void sayInexpressible(String arch, List<ObservedCall> calls) {
        String names =
                calls.stream()
                        .map(ObservedCall::displayName)
                        .sorted()
                        .collect(Collectors.joining(" "));
        String reason =
                calls.stream().anyMatch(call -> call.number() < 0)
                        ? "no list can hold a negative number"
                        : "a list is for one architecture; enforced, the program would die there";
        console.say(
                "no list: these calls of "
                        + arch
                        + " do not fit into one: "
                        + names
                        + " ("
                        + reason
                        + "; --partial prints the rest)");
    }

    /**
     * What to do with the list, for whoever sees it for the first time.
     *
     * @param readList words for a shell that read the list from its file; empty if it was printed
     */
    void nextStep(List<String> command, Supervisor.From from, String readList) {
        if (quiet) {
            return;
        }
        String means =
                from == Supervisor.From.preload
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
