package io.sandbox.enforcer.format;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.PolicyText;

/**
 * What a policy says and a format cannot: a difference between two files that are to say the same.
 *
 * @param subject what it is about, such as a call
 * @param effect what is different, and whether that allows more or less
 */
public record Loss(String subject, String effect) {
    static Loss ofAction(String subject, Action wanted, Action given) {
        return new Loss(
                subject,
                "gets " + PolicyText.format(given) + " in place of " + PolicyText.format(wanted));
    }

    /** One line, for the user. */
    @Override
    public String toString() {
        return subject + ": " + effect;
    }
}
