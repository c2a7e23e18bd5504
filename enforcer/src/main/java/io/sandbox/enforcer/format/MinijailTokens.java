// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.Operator;
import io.sandbox.enforcer.policy.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of one statement of a minijail policy. */
final class MinijailTokens {
    private static final Pattern TOKEN =
            Pattern.compile("\\s+|@?[A-Za-z0-9_][A-Za-z0-9_@-]*|-[0-9]\\w*|\\|\\||&&|[=!<>]=|.");
    private static final String END = "";

    private final List<String> tokens = new ArrayList<>();
    private final int line;
    private int position;

    MinijailTokens(String statement, int line) {
        this.line = line;
        if (statement.stripLeading().startsWith("@frequency")) {
            tokens.add("@frequency"); // a path follows
            return;
        }
        Matcher matcher = TOKEN.matcher(statement);
        while (matcher.find()) {
            if (!matcher.group().isBlank()) {
                tokens.add(matcher.group());
            }
        }
    }

    PolicyFormatException wrong(String problem) {
        return PolicyFormatException.at(line, problem);
    }

    /** The next token, or an empty text at the end. */
    String peek() {
        return position < tokens.size() ? tokens.get(position) : END;
    }

    String next() {
        if (position == tokens.size()) {
            throw wrong("the statement is not complete");
        }
        return tokens.get(position++);
    }

    boolean take(String token) {
        if (!peek().equals(token)) {
            return false;
        }
        position++;
        return true;
    }

    void require(String token) {
        if (!take(token)) {
            throw wrong("expected " + token + " before " + ShownValue.of(peek()));
        }
    }

    void requireEnd() {
        if (position < tokens.size()) {
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

    Operator operator(String text) {
        for (Operator operator : Operator.values()) {
            if (operator.symbol().equals(text)) {
                return operator;
            }
        }
        throw wrong(ShownValue.of(text) + ": expected one of == != < <= > >= & in");
    }
}
