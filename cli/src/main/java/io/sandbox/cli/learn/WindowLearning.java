// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.recording.RunWords.seconds;
import static io.sandbox.evidence.drift.report.Wording.count;
import static io.sandbox.syscalldb.ObservedCall.names;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.cli.recording.RunReport;
import io.sandbox.cli.recording.RunWords;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.recorder.run.BpfRecorder;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.recorder.run.WindowTarget;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Learns from processes that run already. Their start is missing from the recording. */
final class WindowLearning {
    private final ListOptions options;
    private final Console console;
    private final boolean quiet;
    private final boolean partial;
    private Recording recording;
    private LearnedPolicy policy;

    /** What starts the program. */
    private String command = "PROGRAM";

    WindowLearning(ListOptions options) {
        this.options = options;
        console = options.console();
        quiet = options.quiet.get();
        partial = options.partial.get();
    }

    void record(SandboxExec sandboxExec, WindowTarget target, Optional<Duration> limit) {
        Recording known = options.known();
        if (target instanceof WindowTarget.Process process) {
            List<String> words = ProcessStatus.queryWords(process.pid());
            // A title of its own, such as "nginx: master process", is no command.
            if (words.stream().limit(1).anyMatch(word -> !word.contains(" "))) {
                command = ShellQuote.quote(words);
            }
            sayLink(process.pid(), words.isEmpty() ? "" : words.get(0).split(" ", 2)[0]);
        }
        RunReport report = new RunReport(console, quiet, false, any -> List.of());
        BpfRecorder.Window window;
        try (BpfRecorder recorder = BpfRecorder.open(sandboxExec, report)) {
            window =
                    recorder.recordWindow(target, limit, options.isDetailed(), options.arguments());
        }
        report.clear();
        recording = known.merge(Recording.of(window.run()));
        policy =
                LearnedPolicy.of(
                        recording.calls(),
                        SyscallDb.get().nativeArch(),
                        LearnedConditions.of(recording, options.arguments().limit()));
        say(window);
    }

    /**
     * Records and their messages name the file: redis-check-rdb, if redis-server is a link to it.
     */
    private void sayLink(int process, String name) {
        String file = ProcessStatus.queryExecutable(process).orElse("");
        if (!quiet && RecordedNames.linkTo(file, List.of(name)).isPresent()) {
            console.say(
                    ShellQuote.quote(name)
                            + " leads to "
                            + ShellQuote.quote(file)
                            + ", which is what records name");
        }
    }

    private void say(BpfRecorder.Window window) {
        Run run = window.run();
        if (!quiet) {
            console.say(
                    RunWords.extent(run, window.processes())
                            + (" in " + count(run.programs().size(), "executable"))
                            + (", " + seconds(run) + ", source bpf: ")
                            + (run.isComplete() ? "complete for the window" : "incomplete"));
            console.say(
                    "the window has the calls that were made while it was open"
                            + (window.inFlight().isEmpty()
                                    ? ""
                                    : ", and those that each thread was in when it opened, or had"
                                            + " made last: "
                                            + names(window.inFlight())));
            run.access()
                    .map(RunAccess::sentence)
                    .ifPresent(sentence -> console.say(sentence + options.whichAre()));
        }
        Recording shown = SignAdvice.in(recording);
        RunWarnings.query(shown).forEach(console::say);
        for (Run lossy : shown.unhealed()) {
            if (lossy.verdict() instanceof Verdict.Incomplete incomplete) {
                console.say(incomplete + (partial ? "" : " (--partial prints the list so far)"));
            }
        }
        if (!policy.inexpressible().isEmpty()) {
            console.say(
                    (partial ? "" : "no list, because ")
                            + "a list cannot have these calls: "
                            + names(policy.inexpressible())
                            + (partial ? "" : " (--partial prints the rest)"));
        }
        List<String> missing = recording.missingStarts().sentences();
        missing.forEach(console::say);
        if (!missing.isEmpty()) {
            console.say(
                    "the list lacks a start: start the program with the same options (a second copy"
                            + " beside it needs other ports and another pid file), by sandbox learn"
                            + " --until-quiet --ready tcp:PORT --exercise COMMAND -o LIST"
                            + " --recording NEW --merge "
                            + options.recordingName().orElse("FILE")
                            + (" " + command)
                            + (options.recordingFile.isGiven()
                                    ? ""
                                    : " (FILE is what --recording of this command writes)")
                            + (partial
                                    ? ""
                                    : " (no list was written; --partial prints it without the"
                                            + " start)"));
        }
    }

    Recording recording() {
        return recording;
    }

    LearnedPolicy policy() {
        return policy;
    }

    boolean isTrustworthy() {
        return recording.isComplete() && policy.inexpressible().isEmpty();
    }
}
