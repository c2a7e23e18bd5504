// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.List;
import java.util.Locale;

/**
 * Reads and writes the text of the environment variables, which libsandbox.so reads too.
 *
 * <pre> LIST := [ENTRY] (":" [ENTRY])* ENTRY := (NAME | NUMBER) ["(" COND ("," COND)* ")"] ["="
 * ERRNO] COND := "arg"DIGIT ["&amp;" INT] OP INT ACTION := "kill" | "kill_thread" | "trap" | "log"
 * | "errno" [":" ERRNO] ERRNO := name of errno.h | INT
 * </pre>
 *
 * NAME is {@code [a-z_][a-z0-9_]*}, DIGIT 0 to 5, OP one of {@code == != < <= > >=}, but only
 * {@code ==} after {@code &}; INT and NUMBER are decimal without leading zeros or 0x-hex, INT up to
 * 2^64 - 1, or as ERRNO from 1 to 4095, NUMBER up to 2^30 - 1. Stateless.
 */
public final class PolicyText {
    private static final int EPERM = 1;

    private PolicyText() {}

    /**
     * The entries in their order, including repeats, but without empty ones. The list may be empty.
     *
     * @throws PolicySyntaxException at the first mistake from the left
     */
    public static List<PolicyEntry> parseEntries(String list) {
        return new PolicyReader(list).readList();
    }

    /** Throws {@link PolicySyntaxException} if the text is no action. */
    public static Action parseAction(String text) {
        int colon = text.indexOf(':');
        String word = colon == -1 ? text : text.substring(0, colon);
        if (word.equals("errno")) {
            return Action.errno(
                    colon == -1
                            ? EPERM
                            : new PolicyReader(text).readErrno(colon + 1, text.length()));
        }
        Action action = parsePlain(word);
        if (action == null) {
            throw PolicySyntaxException.inValue(PolicyMistake.BAD_ACTION, 0, text);
        }
        if (colon != -1) {
            throw PolicySyntaxException.inValue(PolicyMistake.UNEXPECTED_CHARACTER, colon, text);
        }
        return action;
    }

    private static Action parsePlain(String word) {
        return switch (word) {
            case "kill" -> Action.KILL;
            case "kill_thread" -> Action.KILL_THREAD;
            case "trap" -> Action.TRAP;
            case "log" -> Action.LOG;
            default -> null;
        };
    }

    /** A list from which equal entries can be read; masks are in hex, other numbers in decimal. */
    public static String format(List<PolicyEntry> entries) {
        StringBuilder text = new StringBuilder();
        for (PolicyEntry entry : entries) {
            if (text.length() > 0) {
                text.append(':');
            }
            entry.appendTo(text);
        }
        return text.toString();
    }

    /** One entry of a list, without an errno. */
    public static String format(CallRef call, List<Condition> conditions) {
        StringBuilder text = new StringBuilder();
        PolicyEntry.append(text, call, conditions);
        return text.toString();
    }

    /**
     * A text from which an equal action can be read, with errno values as numbers. What no list can
     * say, such as {@code allow}, is only for messages.
     */
    public static String format(Action action) {
        if (action instanceof Action.Errno errno) {
            return "errno:" + errno.number();
        }
        return action instanceof Action.Trace trace
                ? "trace:" + trace.number()
                : ((Action.Plain) action).name().toLowerCase(Locale.ROOT);
    }
}
