package io.sandbox.recorder.cli;

import java.io.PrintStream;

/** Messages for the user: one line each on standard error, behind the program's name. */
final class Console {
    private final String program;
    private final PrintStream err = System.err;

    Console(String program) {
        this.program = program;
    }

    void say(String message) {
        err.println(program + ": " + message);
    }
}
