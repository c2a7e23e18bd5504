// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.UnitJournal;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.ServiceDropIn;
import io.sandbox.recorder.run.ServiceRecorder;
import io.sandbox.recorder.run.SourceChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A unit of systemd, which is restarted to be recorded. */
public final class ServiceTarget implements Target {
    private final ServiceUnit unit;
    private final ServiceDropIn dropIn;
    private final SourceChoice source;
    private ServiceRecorder recorder;

    /**
     * @param source auto, notify or bpf
     * @throws CommandFailure when the unit cannot be recorded; then it was not touched
     */
    public ServiceTarget(
            SandboxExec sandboxExec, String name, SourceChoice source, Console console) {
        this.source = source;
        if (ServiceDropIn.repair(name)) {
            console.say(name + ": removed what a killed recording had left");
        }
        unit = ServiceUnit.query(name);
        // A signal would leave a folder. Now "listen" is refused after it, and we are closed.
        sandboxExec.leaveSignals();
        dropIn =
                new ServiceDropIn(
                        unit, Path.of(System.getProperty("sandbox.home"), "sandbox-exec"));
    }

    @Override
    public Recorder open(SandboxExec sandboxExec, Recorder.Listener listener) {
        boolean counts = source.counts(sandboxExec, listener);
        recorder = new ServiceRecorder(sandboxExec, dropIn, counts, listener);
        return recorder;
    }

    @Override
    public Map<String, String> additions() {
        return unit.answeredBySettings();
    }

    @Override
    public Optional<String> prove(RunPlan plan, byte[] list, int wanted) {
        Instant started = Instant.now();
        int status =
                ExitCodes.ofWaitStatus(
                        recorder.runUnrecorded(plan, new String(list, StandardCharsets.UTF_8)));
        Optional<String> kill = UnitJournal.queryKill(unit.name(), started);
        if (kill.isPresent()) {
            return Optional.of("under the printed drop-in a process was killed: " + kill.get());
        }
        return status == wanted
                ? Optional.empty()
                : Optional.of(
                        "under the printed drop-in the run ended with status "
                                + status
                                + ", without with "
                                + wanted
                                + " (the service: "
                                + recorder.lastState().result()
                                + ")");
    }

    @Override
    public Optional<String> enforcing(Optional<Path> list) {
        return list.map(this::installing);
    }

    private String installing(Path list) {
        return "install -D -m 644 "
                + ShellQuote.quote(list.toString())
                + " /etc/systemd/system/"
                + ShellQuote.quote(unit.name() + ".d/sandbox.conf")
                + " && systemctl daemon-reload && systemctl restart "
                + ShellQuote.quote(unit.name());
    }

    @Override
    public void close() {
        dropIn.close();
    }
}
