// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.meaning;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.ErrnoNames;
import io.sandbox.enforcer.policy.PolicyText;

/**
 * Actions as words in our JSON: the words of the environment variables, with errno by name, and
 * {@code allow}.
 */
public final class ActionText {
    private ActionText() {}

    /**
     * @throws io.sandbox.enforcer.policy.PolicySyntaxException if the text is no action
     */
    public static Action parse(String text) {
        return text.equals("allow") ? Action.ALLOW : PolicyText.parseAction(text);
    }

    public static String format(Action action) {
        return action instanceof Action.Errno errno
                ? "errno:" + errnoName(errno.number())
                : PolicyText.format(action);
    }

    /** The name of an errno, or the number if it has no name. */
    public static String errnoName(int number) {
        return ErrnoNames.nameOf(number).orElse(Integer.toString(number));
    }
}
