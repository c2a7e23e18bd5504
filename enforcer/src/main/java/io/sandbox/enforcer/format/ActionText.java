package io.sandbox.enforcer.format;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.ErrnoNames;
import io.sandbox.enforcer.policy.PolicyText;

/** Actions as our JSON has them: those of the variables, errno by name, and {@code allow}. */
final class ActionText {
    private ActionText() {}

    /**
     * @throws io.sandbox.enforcer.policy.PolicySyntaxException if it is no action
     */
    static Action parse(String text) {
        return text.equals("allow") ? Action.ALLOW : PolicyText.parseAction(text);
    }

    static String format(Action action) {
        return action instanceof Action.Errno errno
                ? "errno:" + errnoName(errno.number())
                : PolicyText.format(action);
    }

    /** The name, or the number of one that has none. */
    static String errnoName(int number) {
        return ErrnoNames.nameOf(number).orElse(Integer.toString(number));
    }
}
