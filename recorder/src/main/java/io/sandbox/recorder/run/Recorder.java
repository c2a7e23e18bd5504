// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.evidence.Progress;
import io.sandbox.evidence.Run;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.Signals;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Runs targets and records their calls, each run to the end of the target's last process. It can do
 * this several times, one run after the other. For one thread.
 */
public interface Recorder extends AutoCloseable {
    /** Loads what each recording needs, so that another thread can do it early. */
    static void load() {
        TracedArguments.load();
    }

    /** The source in use, as {@code --source} names it. */
    String sourceName();

    /** Runs all of the target to its end. Throws {@link CommandFailure} if it cannot be run. */
    Result record(RunPlan plan);

    /**
     * Whether sandbox-exec passed on the user's request to end. It passes on a request that came
     * after the program itself had ended, and the second Ctrl-C.
     */
    boolean endWasRequested();

    /**
     * Has the target lack capabilities from now on.
     *
     * @param capabilities a bit for each; 0 for none
     * @return whether they can be taken away
     */
    default boolean lack(long capabilities) {
        return false;
    }

    /** Most close what they opened at the end of each run. */
    @Override
    default void close() {}

    /** Told about progress, to show it to the user. */
    interface Observer {
        /**
         * Called often while the target runs.
         *
         * @param losses asks the source how many records are known to be lost at this moment
         */
        void running(Progress progress, LongSupplier losses);

        /** The program has ended, and descendants of it go on; {@code pid} is one of them. */
        void descendantLeft(int pid);

        /** The kernel is so old that each call of the target costs several times more. */
        void slow();

        /** What the driver of the target is doing; told often. */
        default void driven(Driver.Stage stage) {}

        /** Later runs are recorded by this source, since others disturb the one before. */
        default void changesSource(String source) {}

        /** Calls of the target may have failed with EINTR because they were recorded. */
        void interrupted();
    }

    /**
     * How a run went.
     *
     * @param run the evidence, with the verdict on it
     * @param waitStatus how the program itself ended, as waitpid(2) reports it
     * @param processes how many processes made calls
     * @param sessionChanged whether a process was followed into another audit session
     * @param timeIsUp whether the program was ended because its time was over
     * @param failures other processes that ended with an error, as far as the kernel reports it
     * @param outputChanged whether the program's standard output was kept, and differs from that of
     *     the run before
     * @param driven what the driver of the target did
     */
    record Result(
            Run run,
            int waitStatus,
            int processes,
            boolean sessionChanged,
            boolean timeIsUp,
            List<FailedEnd> failures,
            boolean outputChanged,
            Driven driven) {
        /**
         * The program's exit status. An end by the signal that we sent gives 0, and so does the
         * status 143 of a program that caught SIGTERM (a JVM, a shell).
         */
        public int exitStatus() {
            int status = ExitCodes.ofWaitStatus(waitStatus);
            boolean endedAsAsked =
                    endSignal() != 0 && status == ExitCodes.SIGNAL_BASE + endSignal();
            return endedAsAsked ? ExitCodes.OK : status;
        }

        /** This result of a run that was made in a state. */
        Result in(String state) {
            return new Result(
                    run.in(state),
                    waitStatus,
                    processes,
                    sessionChanged,
                    timeIsUp,
                    failures,
                    outputChanged,
                    driven);
        }

        /** The signal by which we asked the program to end; 0 if it ended for another reason. */
        public int endSignal() {
            return timeIsUp ? Signals.SIGTERM : driven.stop();
        }

        /** The evidence with {@link #exitStatus()} as status. */
        public Run asJudged() {
            return run.ended(exitStatus());
        }
    }
}
