// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.rollout;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyDocument;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The steps of a roll-out, in their order. */
enum Step {
    LOG,
    /** Changes nothing: it shows that records arrive. */
    CANARY,
    ERRNO,
    KILL;

    private static final int EPERM = 1;

    static Step named(String word) {
        return Arrays.stream(values())
                .filter(step -> step.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("step: " + word));
    }

    /** What the policy becomes in this step. */
    PolicyDocument of(PolicyDocument policy) {
        return switch (this) {
            case LOG, CANARY -> policy.onTrial();
            case ERRNO -> policy.withActions(Step::mild).withLogDenials(true);
            case KILL -> policy;
        };
    }

    private static Action mild(Action action) {
        boolean ends =
                action == Action.KILL || action == Action.KILL_THREAD || action == Action.TRAP;
        return ends ? Action.errno(EPERM) : action;
    }

    Optional<Step> next() {
        return this == KILL ? Optional.empty() : Optional.of(values()[ordinal() + 1]);
    }

    /** Whether it refuses calls, so that the evidence decides about it. */
    boolean refuses() {
        return this == ERRNO || this == KILL;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
