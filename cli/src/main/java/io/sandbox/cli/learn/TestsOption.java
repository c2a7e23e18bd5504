// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.SourceChoice;

/** What {@code --tests} needs, for {@code sandbox-learn} and {@code sandbox-check}. */
public final class TestsOption {
    private TestsOption() {}

    /**
     * @param source as it was given
     * @throws CommandFailure if it does not tell which thread makes a call, and what it says in it
     */
    public static void check(SourceChoice source) {
        if (source != SourceChoice.AUTO && source != SourceChoice.NOTIFY) {
            throw CommandFailure.ownFailure(
                    "--tests: --source "
                            + source
                            + " does not see the marks of tests (leave it out, or take notify)");
        }
    }
}
