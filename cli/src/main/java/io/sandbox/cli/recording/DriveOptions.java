// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.run.Drive;
import io.sandbox.recorder.run.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a server is made to work in each run, and how it is ended. */
public final class DriveOptions {
    private static final Duration DEFAULT_WITHIN = Duration.ofSeconds(60);

    private final Value<Readiness> ready;
    private final Value<Duration> within;
    private final Value<String> exercise;
    private final Value<Integer> reload;
    private final Optional<Value<Integer>> stop;
    private final boolean started;

    /** For a program that we start. {@code rare}: whether the short help leaves them out. */
    public DriveOptions(Options options, boolean rare) {
        this(options, rare, true, true);
    }

    /** For containers, whose engine passes signals on. */
    public static DriveOptions ofContainer(Options options) {
        return new DriveOptions(options, true, false, true);
    }

    /** For a service: systemd knows how to stop it. */
    public static DriveOptions ofService(Options options) {
        return new DriveOptions(options, true, false, false);
    }

    private DriveOptions(Options options, boolean rare, boolean started, boolean stopped) {
        this.started = started;
        List<String> places = new ArrayList<>(List.of("tcp:=", "unix:=", "file:=", "http://="));
        if (started) {
            places.add("notify");
        }
        ready =
                named(options, "--ready", rare)
                        .offering(places)
                        .converted(Readiness::parse, "WHAT");
        within =
                named(options, "--ready-within", true)
                        .converted(TimeSpan::convert, "TIME")
                        .or(DEFAULT_WITHIN);
        exercise = named(options, "--exercise", rare).text("COMMAND");
        reload = named(options, "--reload", true).converted(Signals::parse, "SIGNAL");
        stop =
                stopped
                        ? Optional.of(
                                named(options, "--stop", true)
                                        .converted(Signals::parse, "SIGNAL")
                                        .or(Signals.SIGTERM))
                        : Optional.empty();
    }

    private static Options.Named named(Options options, String name, boolean rare) {
        Options.Named option = options.named(name);
        return rare ? option.rare() : option;
    }

    /**
     * @param marksTests whether the program runs tests
     * @throws CommandFailure if they contradict each other
     */
    public void check(boolean marksTests) {
        Options.refuseIf(!drives() && reload.isGiven(), "--reload: add --ready or --exercise");
        Options.refuseIf(
                !drives() && stop.filter(Value::isGiven).isPresent(),
                "--stop: add --ready or --exercise");
        Options.refuseIf(
                !started && ready.optional().filter(Readiness::isNotice).isPresent(),
                "--ready notify: only for a program that sandbox learn starts itself");
        Options.refuseIf(!ready.isGiven() && within.isGiven(), "--ready-within is for --ready");
        Options.refuseIf(
                drives() && marksTests,
                "--tests: not with --ready or --exercise, which drive a server");
    }

    public boolean drives() {
        return ready.isGiven() || exercise.isGiven();
    }

    /** What they say together; empty if nothing is driven. */
    public Optional<Drive> drive() {
        if (!drives()) {
            return Optional.empty();
        }
        OptionalInt signal = reload.isGiven() ? OptionalInt.of(reload.get()) : OptionalInt.empty();
        return Optional.of(
                new Drive(
                        ready.optional(),
                        within.get(),
                        exercise.optional(),
                        signal,
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        stop.map(Value::get).orElse(Drive.STOPPED_BY_OTHERS),
                        Optional.empty()));
    }
}
