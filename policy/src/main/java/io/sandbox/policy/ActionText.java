// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.OptionalInt;

/**
 * Actions as words in our JSON and for people: the words of the environment variables, with errno
 * by name, and also {@code allow}, {@code notify}, {@code trace:NUMBER} and each number of an
 * errno.
 */
public final class ActionText {
    private ActionText() {}

    /** Throws {@link PolicySyntaxException} if the text is no action. */
    public static Action parse(String text) {
        int colon = text.indexOf(':');
        OptionalInt data = colon == -1 ? OptionalInt.empty() : data(text.substring(colon + 1));
        return switch (colon == -1 ? text : text.substring(0, colon) + ":") {
            case "allow" -> Action.ALLOW;
            case "notify" -> Action.NOTIFY;
            case "trace:" ->
                    new Action.Trace(
                            data.orElseThrow(
                                    () ->
                                            PolicySyntaxException.inValue(
                                                    PolicyMistake.BAD_ACTION, 0, text)));
            default ->
                    data.isPresent() && text.startsWith("errno:")
                            ? Action.errno(data.getAsInt())
                            : PolicyText.parseAction(text);
        };
    }

    private static OptionalInt data(String digits) {
        return digits.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(digits) <= Action.MAX_DATA
                ? OptionalInt.of(Integer.parseInt(digits))
                : OptionalInt.empty();
    }

    public static String format(Action action) {
        return action instanceof Action.Errno errno
                ? "errno:" + ErrnoNames.nameOrNumber(errno.number())
                : PolicyText.format(action);
    }
}
