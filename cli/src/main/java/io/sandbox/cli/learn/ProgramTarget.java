// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A program that we start. */
record ProgramTarget(List<String> command, RunOptions run, ListOptions list) implements Target {
    /** Stands for the list that was printed. */
    private static final String LIST = "SECCOMP_SYSCALL_ALLOW=\"...\" ";

    @Override
    public Recorder open(SandboxExec sandboxExec, Recorder.Observer observer) {
        return run.source().open(sandboxExec, run.keepLimits(), observer);
    }

    @Override
    public Optional<String> enforcing(Optional<Path> file) {
        String program = ShellQuote.quote(command);
        String from = run.from() == FilterStart.ENTRY ? "--from entry " : "";
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
                file.map(path -> list.format().enforcing(path, from))
                                .orElse(LIST + "sandbox run -q " + from)
                        + program);
    }

    @Override
    public List<String> behindScript(Recording recording) {
        return RecordedNames.behindScript(command.get(0), recording);
    }

    @Override
    public Set<String> runtimesAmong(Recording recording) {
        return ContainerRuntimes.in(recording);
    }
}
