// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

/** Makes words bold or coloured on a terminal, unless the user does not want that. */
public record Styled(boolean on) {
    private static final String RESET = "\033[0m";

    /** Styles words on a terminal, unless TERM is dumb or NO_COLOR (no-color.org) is set. */
    public static Styled forStandardOutput() {
        String refusal = System.getenv("NO_COLOR");
        boolean wanted = refusal == null || refusal.isEmpty();
        return new Styled(
                wanted
                        && !"dumb".equals(System.getenv("TERM"))
                        && StandardOutput.isTerminal(StandardOutput.DESCRIPTOR));
    }

    public String bold(String text) {
        return style("\033[1m", text);
    }

    public String red(String text) {
        return style("\033[31m", text);
    }

    public String yellow(String text) {
        return style("\033[33m", text);
    }

    private String style(String start, String text) {
        return on ? start + text + RESET : text;
    }
}
