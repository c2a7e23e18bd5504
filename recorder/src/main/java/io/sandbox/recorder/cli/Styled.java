package io.sandbox.recorder.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Words that stand out on a terminal, and are plain elsewhere and for those who ask so. */
final class Styled {
    private static final String RESET = "\033[0m";

    private final boolean on;

    Styled(boolean on) {
        this.on = on;
    }

    /** Styled if standard output is a terminal, and NO_COLOR (no-color.org) is unset or empty. */
    static Styled forStandardOutput() {
        String refusal = System.getenv("NO_COLOR");
        boolean wanted = refusal == null || refusal.isEmpty();
        return new Styled(
                wanted && !"dumb".equals(System.getenv("TERM")) && isTerminal("/proc/self/fd/1"));
    }

    private static boolean isTerminal(String descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of(descriptor)).toString();
            return device.startsWith("/dev/pts/")
                    || device.startsWith("/dev/tty")
                    || device.equals("/dev/console");
        } catch (IOException e) {
            return false; // a pipe, a socket, a deleted file, or no /proc: not known to be one
        }
    }

    String bold(String text) {
        return style("\033[1m", text);
    }

    String red(String text) {
        return style("\033[31m", text);
    }

    String yellow(String text) {
        return style("\033[33m", text);
    }

    private String style(String start, String text) {
        return on ? start + text + RESET : text;
    }
}
