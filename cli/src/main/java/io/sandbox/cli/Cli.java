// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Outcome;
import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.ControlSocket;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.OutputException;

/** Runs a command: reads its options, reports errors, and ends with its status. */
public final class Cli {
    /** The maximal length of a message about options. */
    private static final int MESSAGE_LIMIT = 200;

    private Cli() {}

    /** Does what every run needs while its options are read, which takes as long. */
    public static void begin(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a command that {@code sandbox-exec} started, and exits; our own failure is 125. */
    public static void runSupervised(Options command, String... arguments) {
        runSupervised(command, ExitCodes.OWN_FAILURE, arguments);
    }

    /**
     * Does what {@link #runSupervised(Options, String...)} does, for a command that does not pass
     * on the program's status.
     *
     * @param errorStatus the status for usage errors and the command's own failures
     */
    public static void runSupervised(Options command, int errorStatus, String... arguments) {
        end(run(command, true, errorStatus, arguments));
    }

    private static void end(int status) {
        try {
            new ControlSocket().announceStatus(status);
        } catch (ControlException e) {
            // sandbox-exec is gone, so nobody needs the status.
        }
        System.exit(status);
    }

    /** Does what {@link #runSupervised} does, for a command whose words are no program. */
    public static void runRecorder(Options command, int errorStatus, String... arguments) {
        end(run(command, false, errorStatus, arguments));
    }

    /** Runs a command that runs no program: options may also follow other words. */
    public static int runLookup(Options command, String... arguments) {
        return run(command, false, ExitCodes.LOOKUP_ERROR, arguments);
    }

    /**
     * @param runsProgram whether the first word is a program, so that the words after it are not
     *     our options
     */
    private static int run(
            Options command, boolean runsProgram, int errorStatus, String... arguments) {
        Console console = new Console(command.name());
        return command.run(runsProgram, new Report(console, errorStatus, runsProgram), arguments);
    }

    /** Keeps the beginning, which says what is wrong: a megabyte of the user's text may follow. */
    private static String shorten(String message) {
        return message.length() > MESSAGE_LIMIT
                ? message.substring(0, MESSAGE_LIMIT) + "..."
                : message;
    }

    private static int report(Console console, Throwable e, int errorStatus, boolean passesOn) {
        if (e instanceof OutputException failure) {
            if (failure.isBrokenPipe()) {
                return ExitCodes.BROKEN_PIPE;
            }
            console.say(failure.getMessage());
            return errorStatus;
        }
        if (e instanceof CommandFailure failure) {
            console.say(failure.getMessage());
            boolean own = failure.status() == ExitCodes.OWN_FAILURE || !passesOn;
            return own ? errorStatus : failure.status();
        }
        if (e instanceof ControlException) {
            console.say(e.getMessage());
        } else if (e instanceof OutOfMemoryError && !isLackOfThreads(e)) {
            console.say("there is not enough memory for the input");
        } else if (isLackOfThreads(e)) {
            console.say(
                    "no thread can be made (raise TasksMax= and LimitNPROC= of the unit, or"
                            + " ulimit -u)");
        } else {
            console.say("internal error: " + e + " (SANDBOX_DEBUG=1 shows where)");
            if (System.getenv("SANDBOX_DEBUG") != null) {
                e.printStackTrace();
            }
        }
        return errorStatus;
    }

    /** The version that the build wrote into the jar. */
    public static String version() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return "sandbox " + (version == null ? "(unpackaged)" : version);
    }

    /** Java has no type for it; a class whose initialization failed so has it as cause. */
    private static boolean isLackOfThreads(Throwable e) {
        return e != null
                && (e.toString().contains("unable to create native thread")
                        || isLackOfThreads(e.getCause()));
    }

    private record Report(Console console, int errorStatus, boolean isSupervised)
            implements Outcome {
        @Override
        public int mistake(String message) {
            console.say(shorten(message) + " (see --help)");
            return errorStatus;
        }

        @Override
        public int failure(Throwable e) {
            if (Console.isJavaEnding()) {
                // The signal that ends us has taken away what the command uses.
                return errorStatus;
            }
            if (isSupervised && isLackOfThreads(e)) {
                // sandbox-exec finds out which setting it was: an end that was not announced.
                Runtime.getRuntime().halt(1);
            }
            boolean judges = isSupervised && errorStatus != ExitCodes.OWN_FAILURE;
            // Such a command has no use for 127, of a program that cannot be run.
            return report(console, e, errorStatus, !judges);
        }

        @Override
        public String version() {
            return Cli.version();
        }
    }
}
