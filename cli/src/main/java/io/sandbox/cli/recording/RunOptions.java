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
        from = options.named("--from").choice(FilterStart.class, "WHERE").or(FilterStart.EXEC);
        tests = options.named("--tests").flag();
        keepLimits = options.named("--keep-limits").rare().flag();
    }

    /** {@code --source}, for a verb that takes no other option of a run. */
    public static Value<SourceChoice> sourceOption(Options options) {
        return options.named("--source").choice(SourceChoice.class, "SOURCE").or(SourceChoice.AUTO);
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
