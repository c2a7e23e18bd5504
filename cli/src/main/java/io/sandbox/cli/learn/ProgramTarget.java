// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static java.util.stream.Collectors.joining;

import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.cli.recording.RunOptions;
import io.sandbox.cli.recording.Target;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.learned.ContainerRuntimes;
import io.sandbox.recorder.run.Recorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A program that we start. */
record ProgramTarget(List<String> command, RunOptions run, ListOptions list) implements Target {
    /** How many of the programs that a script starts are named. */
    private static final int MOST_PROGRAMS = 4;

    /** Stands for the list that was printed. */
    private static final String LIST = "SECCOMP_SYSCALL_ALLOW=\"...\" ";

    @Override
    public Recorder open(SandboxExec sandboxExec, Recorder.Observer observer) {
        return run.source().open(sandboxExec, run.keepLimits(), observer);
    }

    @Override
    public Optional<String> enforcing(Optional<Path> file, String capabilities) {
        String program = ShellQuote.quote(command);
        String options = (run.from() == FilterStart.ENTRY ? "--from entry " : "") + capabilities;
        if (run.from() == FilterStart.PRELOAD) {
            String library = System.getProperty("sandbox.home") + "/libsandbox.so";
            String means = "LD_PRELOAD=" + ShellQuote.quote(library) + " " + program;
            String values = "env $(sed '/^#/d; s/\"//g' %s) ";
            return Optional.of(
                    file.map(path -> values.formatted(ShellQuote.quote(path.toString())))
                                    .orElse(LIST)
                            + means);
        }
        return Optional.of(
                file.map(path -> list.format().enforcing(path, options))
                                .orElse(LIST + "sandbox run -q " + options)
                        + program);
    }

    @Override
    public List<String> remarks(Recording firstRun) {
        if (list.perExecutable.get()) {
            return List.of();
        }
        List<String> remarks = new ArrayList<>();
        Set<String> runtimes = ContainerRuntimes.in(firstRun);
        if (!runtimes.isEmpty()) {
            remarks.add(
                    String.join(", ", runtimes)
                            + (runtimes.size() == 1 ? " runs" : " run")
                            + " programs in containers: the list holds the calls of both (for those"
                            + " of the program inside, use --per-exe, or sandbox learn-container)");
        }
        List<String> started = RecordedNames.behindScript(command, firstRun);
        if (!started.isEmpty()) {
            remarks.add(
                    "the program is a script of a shell, whose own calls are in the list too (give"
                            + " the program that it starts instead: "
                            + started.stream().limit(MOST_PROGRAMS).collect(joining(" or "))
                            + (started.size() > MOST_PROGRAMS ? " ..." : "")
                            + ")");
        }
        return remarks;
    }
}
