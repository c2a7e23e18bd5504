// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.recorder.evidence.EvidenceCollector;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.source.ProcessEnds;
import java.util.List;
import java.util.OptionalInt;

/**
 * Runs targets and records their calls, each run to the end of the target's last process. It can do
 * this several times, one run after the other. For one thread.
 */
public interface Recorder extends AutoCloseable {
    /** The source in use, as {@code --source} names it. */
    String sourceName();

    /**
     * Runs the target to the end of its last process.
     *
     * @throws CommandFailure when it cannot be run
     */
    Result record(RunPlan plan);

    /**
     * Whether the user wanted the end and we were told: after the program itself had ended, or
     * while it ran and was asked about, by two Ctrl-C at once.
     */
    boolean endWasRequested();

    @Override
    void close();

    /** Told about progress, for the user's eyes only. */
    interface Listener {
        /** Called often while the target runs. */
        void running(EvidenceCollector evidence, LossCount losses);

        /** The program has ended, and descendants of it go on; {@code pid} is one of them. */
        void descendantLeft(int pid);

        /** The kernel is old, and each call of the target costs several times more. */
        void slow();

        /** Calls of the target may have failed with EINTR because they were recorded. */
        void interrupted();
    }

    /** How many records are known to be lost at this moment; costs a look at the source. */
    interface LossCount {
        long query();
    }

    /**
     * How a run went.
     *
     * @param run the evidence, with the verdict on it
     * @param waitStatus how the program itself ended, as waitpid(2) has it
     * @param processes how many made calls
     * @param sessionChanged whether some process was followed into another audit session
     * @param timeIsUp whether it was ended because its time was over
     * @param failures other processes that ended with an error, as far as the kernel tells
     * @param outputChanged whether its standard output was kept, and is not that of the run before
     */
    record Result(
            Run run,
            int waitStatus,
            int processes,
            boolean sessionChanged,
            boolean timeIsUp,
            List<ProcessEnds.End> failures,
            boolean outputChanged) {
        /**
         * The program's status; an end by the signal that we sent when its time was over is 0, as
         * is the exit status by which a program that caught it says so (a JVM, a shell).
         */
        public int exitStatus() {
            int status = ExitCodes.ofWaitStatus(waitStatus);
            boolean endedAsAsked = timeIsUp && status == ExitCodes.ENDED_BY_SIGTERM;
            return endedAsAsked ? ExitCodes.OK : status;
        }

        /**
         * The evidence with {@link #exitStatus()}, for those who take a failure for no evidence.
         */
        public Run asJudged() {
            return new Run(
                    run.id(),
                    run.started(),
                    run.millis(),
                    run.source(),
                    run.from(),
                    run.command(),
                    run.filter(),
                    OptionalInt.of(exitStatus()),
                    run.verdict(),
                    run.machine(),
                    run.programs(),
                    run.runtime());
        }
    }
}
