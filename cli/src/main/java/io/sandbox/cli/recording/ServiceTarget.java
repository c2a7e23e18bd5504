// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.lists.CapabilityLines;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.recorder.machine.UnitJournal;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.recorder.run.ServiceDropIn;
import io.sandbox.recorder.run.ServiceRecorder;
import io.sandbox.recorder.run.SourceChoice;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A unit of systemd, which is restarted to be recorded. */
public final class ServiceTarget implements Target {
    /** The settings of systemd that a drop-in has beside its list. */
    public enum Hardening {
        /** Those that the list needs. */
        NONE,
        /** All that the evidence proves. */
        PROVED,
        /** Also those of which it proves only a part. */
        MORE
    }

    private final ServiceUnit unit;
    private final ServiceDropIn dropIn;
    private final SourceChoice source;
    private final Hardening hardening;
    private final Console console;
    private final String exposure;
    private final Instant began = Instant.now();
    private ServiceRecorder recorder;

    /** The settings under which the service failed. */
    private final Set<String> off = new TreeSet<>();

    /**
     * @param manager whose unit it is
     * @param source auto, notify or bpf
     * @param hardening which settings the drop-in has beside the list
     * @throws CommandFailure when the unit cannot be recorded; then it was not touched
     */
    public ServiceTarget(
            SandboxExec sandboxExec,
            Systemd manager,
            String name,
            SourceChoice source,
            Hardening hardening,
            Console console) {
        this.source = source;
        this.hardening = hardening;
        this.console = console;
        for (String unit : ServiceDropIn.repair(manager, name)) {
            console.say(unit + ": removed what a killed recording had left");
        }
        unit = ServiceUnit.query(manager, name);
        if (unit.isContainer()) {
            throw CommandFailure.ownFailure(
                    String.format(
                            "service %s: podman makes it of a container (try: sandbox"
                                    + " learn-container -- systemctl restart %s)",
                            unit.name(), unit.name()));
        }
        exposure = hardens() ? unit.queryExposure() : "";
        // A signal would leave a folder. Now "listen" is refused after it, and we are closed.
        sandboxExec.leaveSignals();
        dropIn =
                new ServiceDropIn(
                        unit, Path.of(System.getProperty("sandbox.home"), "sandbox-exec"));
    }

    private boolean hardens() {
        return hardening != Hardening.NONE;
    }

    @Override
    public Recorder open(SandboxExec sandboxExec, Recorder.Observer observer) {
        boolean counts = source.counts(sandboxExec, observer);
        recorder = new ServiceRecorder(sandboxExec, dropIn, counts, observer);
        return recorder;
    }

    @Override
    public Map<String, String> additions() {
        return unit.answeredBySettings();
    }

    /** systemd cannot give a capability that the bounding set lacks. */
    private String ambient(Recording recording) {
        Optional<LearnedCapabilities> known =
                LearnedCapabilities.of(recording).filter(each -> each.unrecorded().isEmpty());
        if (unit.ambientCapabilities() == 0 || known.isEmpty()) {
            return "";
        }
        String key = "AmbientCapabilities=";
        String kept =
                String.join(
                        " ", Capability.unitNames(unit.ambientCapabilities() & known.get().kept()));
        return key + "\n" + (kept.isEmpty() ? "" : key + kept + "\n");
    }

    /** systemd does not log them then. */
    private static String empty(Set<String> variables) {
        return variables.isEmpty()
                ? ""
                : "# not set, which systemd would log under the filter, by calls of its own\n"
                        + ("Environment=" + String.join("= ", variables) + "=\n");
    }

    @Override
    public byte[] completed(byte[] list, Recording recording, Supplier<PolicyDocument> policy) {
        String text = new String(list, StandardCharsets.UTF_8);
        if (text.lines().anyMatch("[Service]"::equals)) {
            text = CapabilityLines.with(text, ambient(recording) + empty(unit.queryUnset(began)));
        }
        if (hardens()) {
            text =
                    new HardenedUnit(text, recording)
                            .harden(
                                    policy.get(),
                                    HostCircumstances.query(SyscallDb.get().nativeArch().name()),
                                    RunWarnings.queryGiveNothing(recording),
                                    setting ->
                                            hardening == Hardening.MORE && unit.leavesOff(setting))
                            .text();
            text = HardenedUnit.without(off, text);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void sayWorth(byte[] list) {
        if (!hardens()) {
            return;
        }
        dropIn.install(new String(list, StandardCharsets.UTF_8));
        console.say(
                String.format(
                        "systemd-analyze security: %s before, %s under this drop-in",
                        exposure, unit.queryExposure()));
    }

    @Override
    public Optional<String> prove(RunPlan plan, byte[] list, List<Recorder.Result> runs) {
        int wanted = runs.get(0).exitStatus();
        String text = new String(list, StandardCharsets.UTF_8);
        Optional<String> doubt = doubt(plan, text, wanted);
        if (doubt.isEmpty() || !hardens()) {
            return doubt;
        }
        String bare = HardenedUnit.without(HardenedUnit.settings(text), text);
        if (doubt(plan, bare, wanted).isPresent()) {
            return doubt; // the list is to blame
        }
        off.clear();
        off.addAll(
                HardenedUnit.harmful(
                        HardenedUnit.settings(text),
                        without ->
                                doubt(plan, HardenedUnit.without(without, text), wanted)
                                        .isEmpty()));
        off.forEach(each -> console.say(each + "=: left out, since the service failed under it"));
        return recorder.endWasRequested() ? doubt : Optional.empty();
    }

    private Optional<String> doubt(RunPlan plan, String settings, int wanted) {
        Instant started = Instant.now();
        int status = ExitCodes.ofWaitStatus(recorder.runUnrecorded(plan, settings));
        Optional<String> kill = UnitJournal.queryKill(unit.manager(), unit.name(), started);
        if (kill.isPresent()) {
            return Optional.of("under the printed drop-in a process was killed: " + kill.get());
        }
        return status == wanted
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                "under the printed drop-in the run ended with status %s, without"
                                        + " with %s (the service: %s)",
                                status, wanted, recorder.lastState().result()));
    }

    @Override
    public Optional<String> enforcing(Optional<Path> list, String capabilities) {
        return list.map(
                file ->
                        unit.manager()
                                .installing(
                                        ShellQuote.quote(file.toString()),
                                        ShellQuote.quote(unit.name())));
    }

    @Override
    public void close() {
        dropIn.close();
    }
}
