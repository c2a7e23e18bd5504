// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Condition;
import io.sandbox.text.ShownValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of one statement of a minijail policy. */
final class MinijailTokens extends Tokens {
    private static final Pattern TOKEN =
            Pattern.compile("\\s+|@?[A-Za-z0-9_][A-Za-z0-9_@-]*|-[0-9]\\w*|\\|\\||&&|[=!<>]=|.");

    private static final Pattern WITH_PATH =
            Pattern.compile("\\s*(@frequency|@include)\\s+(\\.?/\\S+)\\s*");

    MinijailTokens(String statement, int line) {
        super(line);
        Matcher directive = WITH_PATH.matcher(statement);
        if (directive.matches()) {
            add(directive.group(1), line);
            add(directive.group(2), line);
            return;
        }
        Matcher matcher = TOKEN.matcher(statement);
        while (matcher.find()) {
            if (!matcher.group().isBlank()) {
                add(matcher.group(), line);
            }
        }
    }

    void requireEnd() {
        if (!atEnd()) {
            throw wrong("unexpected " + ShownValue.of(peek()));
        }
    }

    boolean isArgument() {
        return peek().matches("arg[0-9]+");
    }

    int argument() {
        String word = next();
        if (!word.matches("arg[0-5]")) {
            throw wrong(ShownValue.of(word) + ": expected arg0 to arg" + (Condition.ARGUMENTS - 1));
        }
        return word.charAt("arg".length()) - '0';
    }
}
