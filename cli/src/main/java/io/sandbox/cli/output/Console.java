// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.text.VisibleText;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** Prints messages to standard error: one line each, with the program's name in front. */
public final class Console {
    private final String program;
    private final PrintStream err = System.err;
    private final Set<String> said = new HashSet<>();

    public Console(String program) {
        this.program = program;
    }

    public boolean hasSpoken() {
        return !said.isEmpty();
    }

    /** For what is found out again for each text that is written. */
    public void sayOnce(String message) {
        if (!said.contains(message)) {
            say(message);
        }
    }

    public void say(String message) {
        said.add(message);
        err.println(program + ": " + printable(message));
    }

    /** Makes text safe to print: names may hold what a terminal obeys or nobody sees. */
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return VisibleText.of(text);
            }
        }
        return text;
    }

    /** Whether a signal ends us, so that failures that follow from it are not worth a message. */
    public static boolean isJavaEnding() {
        Thread hook = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
