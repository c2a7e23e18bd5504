// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.rollout;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.VisibleText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox rollout}: brings a policy into production, one step at a time. */
public final class RolloutCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox rollout", this);

    private final Value<String> policyFile = options.operand("POLICY");
    private final Value<String> unit = options.named("--unit").text("UNIT");
    private final Value<Path> profile = options.named("--profile").file();
    private final Value<Boolean> next = options.named("--next").flag();
    private final Value<Boolean> undo = options.named("--undo").flag();
    private final Value<Boolean> restart = options.named("--restart").flag();
    private final Value<Boolean> dryRun = options.named("--dry-run").flag();
    private final Value<List<String>> exe = options.named("--exe").texts("PATH");
    private final Value<List<Path>> logs = options.named("--log").files();
    private final Value<Duration> span =
            options.named("--for").converted(TimeSpan::convert, "TIME");

    private final FromFormat fromFormat = new FromFormat(options);
    private final Console console = new Console("sandbox rollout");

    /** Null without a unit. */
    private ServiceUnit service;

    public static Options options() {
        return new RolloutCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runRecorder(options(), ExitCodes.OWN_FAILURE, arguments);
    }

    @Override
    public Integer call() {
        Options.refuseIf(
                next.get() && undo.get() || unit.isGiven() && profile.isGiven(),
                "give only one of --next and --undo, and of --unit and --profile");
        Path policy = absolute(Path.of(policyFile.get()));
        RolloutState.lock(policy);
        Optional<RolloutState> kept = RolloutState.read(policy);
        kept.ifPresent(this::requireSameTarget);
        if (undo.get()) {
            return undo(
                    kept.orElseThrow(
                            () ->
                                    CommandFailure.ownFailure(
                                            policy + ": there is nothing to undo")));
        }
        byte[] bytes = PolicyInput.bytes(policy.toString());
        RolloutState state = kept.orElseGet(() -> first(policy, RolloutTarget.hash(bytes)));
        look(state);
        if (exe.isGiven()) {
            state.exe = exe.get();
        }
        if (logs.isGiven()) {
            state.logs = logs.get().stream().map(log -> absolute(log).toString()).toList();
        }
        if (span.isGiven()) {
            state.span = span.get();
        }
        boolean changed = !state.hash.equals(RolloutTarget.hash(bytes));
        Optional<Step> step =
                changed
                        ? Optional.of(Step.LOG)
                        : state.taken ? state.step.next() : Optional.of(state.step);
        if (!next.get()) {
            show(state, kept.isEmpty(), changed, step);
            return ExitCodes.OK;
        }
        if (step.isEmpty()) {
            throw CommandFailure.ownFailure(policy + ": all steps are taken");
        }
        return take(step.get(), state, bytes);
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private void requireSameTarget(RolloutState state) {
        if (profile.isGiven() && !absolute(profile.get()).toString().equals(state.target.name())
                || unit.isGiven()
                        && !state.target.name().equals(unit.get())
                        && !state.target.name().equals(unit.get() + ".service")) {
            throw CommandFailure.ownFailure(
                    policyFile.get() + ": is already rolled out to " + state.target.name());
        }
        Options.refuseIf(restart.get() && !state.target.isUnit(), "--restart: only with --unit");
    }

    private RolloutState first(Path policy, String hash) {
        Options.refuseIf(
                !unit.isGiven() && !profile.isGiven(), "give --unit or --profile (see -h)");
        String name;
        if (unit.isGiven()) {
            service = ServiceUnit.query(Systemd.SYSTEM, unit.get());
            name = service.name();
        } else {
            name = absolute(profile.get()).toString();
            Options.refuseIf(
                    name.equals(policy.toString()) || !exe.isGiven(),
                    "--profile: needs --exe, and another file than the policy");
        }
        RolloutTarget target = new RolloutTarget(unit.isGiven(), name);
        if (profile.isGiven() && !target.hasFolder()) {
            throw CommandFailure.ownFailure(name + ": there is no such folder");
        }
        return new RolloutState(
                policy, hash, target, unit.isGiven() ? service.programs() : exe.get());
    }

    /** Sees whether the service was started under the step. */
    private void look(RolloutState state) {
        if (!state.target.isUnit()) {
            return;
        }
        service = ServiceUnit.query(Systemd.SYSTEM, state.target.name());
        Instant start = service.queryStart();
        if (state.taken && !state.inForce && start.isAfter(state.since)) {
            state.inForce = true;
            state.since = start;
            if (!dryRun.get()) {
                state.write();
            }
        }
    }

    private int take(Step step, RolloutState state, byte[] bytes) {
        RolloutGate gate = new RolloutGate(state, console);
        // A step that was begun has passed it.
        int status =
                step.refuses() && state.taken
                        ? gate.judge(Optional.ofNullable(service))
                        : ExitCodes.OK;
        if (status != ExitCodes.OK) {
            return status;
        }
        if (step == Step.CANARY) {
            return pass(gate, state);
        }
        RolloutTarget target = state.target;
        target.requireUnchanged(state.before, state.written);
        byte[] text = text(step, state.policy.toString(), bytes, target);
        if (dryRun.get()) {
            print("would write " + target.file() + ":\n" + utf8(text));
            return ExitCodes.OK;
        }
        state.step = step;
        state.hash = RolloutTarget.hash(bytes);
        state.written.add(RolloutTarget.hash(text));
        state.taken = false;
        state.since = Instant.now();
        state.inForce = !target.isUnit();
        state.write();
        target.write(text);
        restartIfAsked(state);
        finish(state);
        return ExitCodes.OK;
    }

    private byte[] text(Step step, String policy, byte[] bytes, RolloutTarget target) {
        if (step.refuses()) {
            Optional<byte[]> same = target.taken(bytes, step == Step.ERRNO);
            if (same.isPresent()) {
                return same.get();
            }
        }
        PolicyInput input = new PolicyInput(console, fromFormat);
        return input.written(
                step.of(input.read(policy, bytes)),
                target.format(),
                HostCircumstances.query(SyscallDb.get().nativeArch().name()),
                step == Step.LOG);
    }

    private int pass(RolloutGate gate, RolloutState state) {
        if (dryRun.get()) {
            print("would write a test record\n");
        } else {
            gate.requireRecords();
            state.step = Step.CANARY;
            finish(state);
        }
        return ExitCodes.OK;
    }

    private void finish(RolloutState state) {
        state.taken = true;
        state.write();
        announce(state);
        show(state, false, false, state.step.next());
    }

    private void restartIfAsked(RolloutState state) {
        if (restart.get()) {
            Systemd.SYSTEM.run("restart", state.target.name());
            state.inForce = true;
            state.since = Instant.now();
        }
    }

    private void announce(RolloutState state) {
        if (!state.target.isUnit()) {
            if (state.step != Step.CANARY) {
                console.say(state.target.name() + ": counts for what is started from now on");
            }
        } else if (state.step == Step.ERRNO) {
            console.say(
                    String.format(
                            "systemd leaves no record of a call that it refuses with an error (to"
                                + " count them: sandbox check --policy %s --unit %s --duration 1h)",
                            ShellQuote.quote(policyFile.get()), state.target.name()));
        }
    }

    private int undo(RolloutState state) {
        RolloutTarget target = state.target;
        target.requireUnchanged(state.before, state.written);
        if (dryRun.get()) {
            print(
                    state.before.isPresent()
                            ? "would put back " + target.file() + ":\n" + utf8(state.before.get())
                            : "would remove " + target.file() + "\n");
            return ExitCodes.OK;
        }
        target.putBack(state.before, state.hadFolder);
        restartIfAsked(state);
        state.remove();
        String name = state.target.name();
        boolean waits = state.target.isUnit() && !restart.get();
        String when = waits ? "; in force after: systemctl restart " + name : "";
        print(policyFile.get() + ": " + name + ": as before the first step" + when + "\n");
        return ExitCodes.OK;
    }

    private void show(RolloutState state, boolean fresh, boolean changed, Optional<Step> step) {
        StringBuilder line =
                new StringBuilder(policyFile.get() + ": " + state.target.name() + ": ");
        if (fresh) {
            line.append("not begun");
        } else {
            line.append(state.step)
                    .append(state.taken ? " since " : " was not finished, at ")
                    .append(state.since.truncatedTo(ChronoUnit.SECONDS));
            if (state.target.isUnit() && !state.inForce) {
                line.append("; in force after: systemctl restart ").append(state.target.name());
            }
        }
        line.append(changed ? "; the policy has changed" : "");
        String quoted = ShellQuote.quote(policyFile.get());
        List<String> given = new ArrayList<>(options.given());
        given.remove("--dry-run");
        String begin = fresh ? String.join(" ", given) : quoted;
        line.append(
                step.isPresent()
                        ? "; next: " + step.get() + " (sandbox rollout " + begin + " --next)"
                        : "; back: sandbox rollout " + quoted + " --undo");
        print(line + "\n");
    }

    private static String utf8(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Keeps what a terminal would obey out of it. */
    private static void print(String text) {
        StringBuilder shown = new StringBuilder();
        text.lines().forEach(line -> shown.append(VisibleText.of(line)).append('\n'));
        new StandardOutput().print(shown.toString());
    }
}
