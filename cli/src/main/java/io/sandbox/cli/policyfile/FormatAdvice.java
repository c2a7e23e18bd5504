// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.policy.document.PolicyFormatException;

/** What a user can do about a file that is not taken as a policy. */
public final class FormatAdvice {
    private FormatAdvice() {}

    /** What is wrong with a file, and what the user can do. */
    public static String words(PolicyFormatException e) {
        return e.getMessage() + e.advice().map(FormatAdvice::of).orElse("");
    }

    private static String of(PolicyFormatException.Advice advice) {
        return switch (advice) {
            case CHOOSE_PART -> " (choose one: --part NAME)";
            case GIVE_CONSTANT -> " (--constant NAME=NUMBER says it for the whole file)";
            case NAME_FORMAT -> " (say which: --from-format NAME)";
            case NAME_OTHER_FORMAT -> " (--from-format NAME says another)";
            case LEARN -> " (see sandbox learn)";
            case MAKE_POLICY -> " (see sandbox policy merge)";
            case COUNT_LOG -> " (see sandbox log)";
        };
    }
}
