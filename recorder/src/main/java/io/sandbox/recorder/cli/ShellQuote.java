package io.sandbox.recorder.cli;

/** Writes a word so that a shell reads it as it is. */
final class ShellQuote {
    private ShellQuote() {}

    static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }
}
