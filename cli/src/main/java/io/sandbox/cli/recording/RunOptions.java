// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.SourceChoice;

/** How a program that a verb starts itself is recorded. */
public final class RunOptions {
    private final Value<SourceChoice> source;
    private final Value<FilterStart> from;
    private final Value<Boolean> tests;
    private final Value<Boolean> keepLimits;

    public RunOptions(Options options) {
        source = sourceOption(options);
        from =
                options.named("--from")
                        .choice(
                                FilterStart.class,
                                "WHERE",
                                "Where the list begins (default exec). exec: at the program's first"
                                    + " call, for sandbox run and all other tools. preload: shortly"
                                    + " before main, which gives a shorter list, for libsandbox.so"
                                    + " alone. entry: when the dynamic linker and the libraries are"
                                    + " ready, for sandbox run --from entry.")
                        .or(FilterStart.EXEC);
        tests =
                options.named("--tests")
                        .flag(
                                "PROGRAM runs tests: say which test makes each call. The tests must"
                                    + " be marked, for which there are extensions of JUnit and of"
                                    + " pytest (docs/tests.md). Means --source notify.");
        keepLimits =
                options.named("--keep-limits")
                        .rare()
                        .flag(
                                "Do not change kernel.printk_ratelimit. Without this option,"
                                        + " --source kmsg lifts that limit during the run.");
    }

    /** {@code --source}, for a verb that takes no other option of a run. */
    public static Value<SourceChoice> sourceOption(Options options) {
        return options.named("--source")
                .choice(
                        SourceChoice.class,
                        "SOURCE",
                        "How the calls are seen (default auto). audit: by the kernel's audit"
                            + " records, which need CAP_AUDIT_READ. notify: the kernel asks us"
                            + " about each call, which needs no privilege. kmsg: by the kernel log"
                            + " (/dev/kmsg), which loses records under load; you are told. bpf: the"
                            + " kernel counts the calls itself, at a twentieth of the cost; needs"
                            + " CAP_BPF and CAP_PERFMON. auto: the first of audit, notify and kmsg"
                            + " that works; for a service the first of bpf and notify.")
                .or(SourceChoice.AUTO);
    }

    public FilterStart from() {
        return from.get();
    }

    /** Whether the user has said how the program is to be recorded. */
    public boolean isGiven() {
        return source.isGiven() || from.isGiven();
    }

    public boolean tests() {
        return tests.get();
    }

    public boolean keepLimits() {
        return keepLimits.get();
    }

    /**
     * The source; auto means notify where only notify sees what is wanted.
     *
     * @throws CommandFailure if the source cannot see what is wanted
     */
    public SourceChoice source() {
        boolean seen = source.get() == SourceChoice.AUTO || source.get() == SourceChoice.NOTIFY;
        if (tests.get() && !seen) {
            throw CommandFailure.ownFailure(
                    "--tests: --source "
                            + source.get()
                            + " does not see the marks of tests (leave it out, or take notify)");
        }
        return tests.get() ? SourceChoice.NOTIFY : source.get();
    }
}
