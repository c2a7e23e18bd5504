package io.sandbox.recorder.cli;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.source.SourceException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** What all our commands have in common: how they read options, report errors and end. */
final class Cli {
    private Cli() {}

    /**
     * Runs a command and returns its exit status.
     *
     * @param errorStatus the command's status for usage errors and failures of its own
     */
    static int run(Callable<Integer> command, int errorStatus, String... arguments) {
        CommandLine line = new CommandLine(command);
        Console console = new Console(line.getCommandName());
        line.getCommandSpec().versionProvider(new Version());
        // A program's own arguments are not ours to interpret.
        line.setStopAtPositional(true).setExpandAtFiles(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler(
                (e, args) -> {
                    console.say(e.getMessage() + " (see --help)");
                    return errorStatus;
                });
        line.setExecutionExceptionHandler(
                (e, self, result) -> {
                    console.say(e.getMessage() == null ? e.toString() : e.getMessage());
                    if (e instanceof LearnException failure) {
                        return failure.status();
                    }
                    if (!(e instanceof SourceException || e instanceof ControlException)) {
                        // A bug of ours: the trace is what a report needs.
                        e.printStackTrace();
                    }
                    return errorStatus;
                });
        return line.execute(arguments);
    }

    /** The version that the build wrote into the jar. */
    private static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cli.class.getPackage().getImplementationVersion();
            return new String[] {"sandbox " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
