// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.SourceChoice;

/** Which options of {@code sandbox-learn} can be used together. */
final class OptionConflicts {
    /** Larger limits could make the filter too long for the kernel (4096 instructions). */
    private static final int MAX_ARGUMENTS = 32;

    private final LearnOptions options;

    OptionConflicts(LearnOptions options) {
        this.options = options;
    }

    void check() {
        checkListening();
        checkContainer();
        checkService();
        refuse(
                options.command.get().isEmpty()
                        && !options.socket.isGiven()
                        && !options.service.isGiven(),
                "no program given (try: sandbox-learn ls /, or --help)");
        refuse(
                options.runs.isGiven() && options.untilQuiet.get(),
                "--runs and --until-quiet: one of them");
        refuse(
                options.runs.isGiven() && options.runs.get() < 1 || options.max.get() < 2,
                "--runs takes 1 or more, --max 2 or more");
        refuse(options.max.isGiven() && !options.untilQuiet.get(), "--max is for --until-quiet");
        refuse(
                options.quietRuns.isGiven() && !options.untilQuiet.get(),
                "--quiet-runs is for --until-quiet");
        refuse(
                options.verifyRuns.isGiven() && !options.verifying(),
                "--verify-runs is for --verify");
        refuse(
                options.quietRuns.get() < 1 || options.verifyRuns.get() < 1,
                "--quiet-runs and --verify-runs take 1 or more");
        refuse(
                options.untilQuiet.get() && options.maxRuns() <= options.quietRuns.get(),
                "--max: "
                        + options.max.get()
                        + ": too few for "
                        + options.quietRuns.get()
                        + " quiet runs after the first (take more, or fewer --quiet-runs)");
        checkArgumentLimit();
        checkTests();
    }

    /** For what runs already: see {@link LearnOptions#window}. */
    void checkWindow() {
        boolean ofRuns = options.runs.isGiven() || options.untilQuiet.get() || options.verifying();
        boolean ofNotify = options.arguments.isGiven() || options.tests.get();
        refuse(
                ofRuns || ofNotify || options.from.isGiven() || options.keepLimits.get(),
                "--pid, --cgroup, --unit, --container ID: nothing is run, so --runs,"
                        + " --until-quiet, --verify, --args, --tests, --from and --keep-limits"
                        + " mean nothing");
        refuse(
                !options.command.get().isEmpty(),
                "give only one of: a program, --pid, --cgroup, --unit, --container");
        refuse(
                options.source.get() != SourceChoice.AUTO
                        && options.source.get() != SourceChoice.BPF,
                "--source: "
                        + options.source.get()
                        + ": what runs already is recorded by bpf alone");
    }

    private void checkService() {
        if (!options.service.isGiven()) {
            return;
        }
        refuse(
                options.startsContainer()
                        || options.socket.isGiven()
                        || options.source.isGiven()
                        || options.from.isGiven(),
                "--service: no --container, --listen, --source or --from: systemd starts the"
                        + " program, and its filter asks");
        refuse(
                options.verifying() && options.format() != ListFormat.SYSTEMD,
                "--service: --verify proves a list of --format systemd, under which the unit"
                        + " is restarted");
        refuse(
                options.arguments.isGiven() && options.format() == ListFormat.SYSTEMD,
                "--args: SystemCallFilter= has no conditions (for the values: --format env)");
    }

    private void checkContainer() {
        refuse(
                options.startsContainer()
                        && (options.socket.isGiven()
                                || options.source.isGiven()
                                || options.from.isGiven()),
                "--container: no --listen, --source or --from: the runtime loads the filter,"
                        + " and it asks");
        refuse(
                options.startsContainer()
                        && options.verifying()
                        && options.format() != ListFormat.OCI,
                "--container: --verify proves a list of --format oci, which starts the"
                        + " container");
    }

    private void checkListening() {
        boolean wanted =
                options.socket.isGiven() && options.profile.isGiven() || options.startsContainer();
        refuse(
                options.profile.isGiven()
                                && !(options.socket.isGiven() && options.runtime.isGiven())
                        || options.runtime.isGiven() && !wanted,
                "--write-profile and --runtime go together, with --listen (--runtime also with"
                        + " --container)");
        if (!options.socket.isGiven()) {
            return;
        }
        refuse(
                !options.command.get().isEmpty(),
                "--listen runs no program (for a program, leave it out)");
        refuse(
                options.reportFile.isGiven(),
                "--listen: no --report (take --recording, and make a report of each file with"
                        + " sandbox-policy report)");
        refuse(
                options.untilQuiet.get()
                        || options.verifying()
                        || options.source.isGiven()
                        || options.from.isGiven(),
                "--listen: no --until-quiet, --verify, --source or --from, since it is not we"
                        + " who run the containers");
    }

    private void checkArgumentLimit() {
        if (!options.arguments.isGiven()) {
            return;
        }
        int limit = options.arguments.get();
        refuse(
                limit < 1 || limit > MAX_ARGUMENTS,
                "--args: " + limit + ": not from 1 to " + MAX_ARGUMENTS);
        refuse(
                options.source() != SourceChoice.NOTIFY
                        && !options.isForeign()
                        && !options.socket.isGiven(),
                "--args: --source "
                        + options.source()
                        + " does not tell the arguments of calls (leave it out, or take"
                        + " notify)");
    }

    private void checkTests() {
        if (!options.tests.get()) {
            return;
        }
        TestsOption.check(options.source.get());
        refuse(
                options.isForeign() || options.socket.isGiven(),
                "--tests: no --listen, --container or --service: only a program that we start"
                        + " is told to mark its tests");
        refuse(
                !options.recordingFile.isGiven() && !options.reportFile.isGiven(),
                "--tests: add --recording FILE or --report FILE, which say it");
        refuse(
                options.untilQuiet.get(),
                "--tests: no --until-quiet, which looks at new calls only (take --runs N)");
    }

    private static void refuse(boolean conflict, String reason) {
        if (conflict) {
            throw CommandFailure.ownFailure(reason);
        }
    }
}
