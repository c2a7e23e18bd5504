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
        err.println(program + ": " + printable(message));
    }

    /** File names and arguments may hold what a terminal would obey. */
    static String printable(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        for (char c : text.toCharArray()) {
            shown.append(Character.isISOControl(c) ? String.format("\\x%02x", (int) c) : c);
        }
        return shown.toString();
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
