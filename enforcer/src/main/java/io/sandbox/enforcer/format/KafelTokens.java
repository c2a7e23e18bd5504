// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.policy.ShownValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of a kafel policy, without its comments. */
final class KafelTokens {
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?s)(?<blank>\\s+)|(?<comment>//[^\n]*|/\\*.*?\\*/)|[A-Za-z_][A-Za-z0-9_]*"
                            + "|-?[0-9]\\w*|&&|\\|\\||[=!<>]=|[#{}()\\[\\],!&|<>]");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]\\w*");

    private record Token(String text, int line) {}

    private final List<Token> tokens = new ArrayList<>();
    private boolean comments;
    private int position;

    KafelTokens(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int line = 1;
        int end = 0;
        while (end < text.length()) {
            if (!matcher.find() || matcher.start() != end) {
                String sign = text.substring(end, text.offsetByCodePoints(end, 1));
                throw PolicyFormatException.at(line, "unexpected " + ShownValue.of(sign));
            }
            end = matcher.end();
            comments |= matcher.group("comment") != null;
            if (matcher.group("blank") == null && matcher.group("comment") == null) {
                tokens.add(new Token(matcher.group(), line));
            }
            line += (int) matcher.group().chars().filter(c -> c == '\n').count();
        }
    }

    boolean hasComments() {
        return comments;
    }

    int line() {
        return tokens.isEmpty() ? 1 : tokens.get(Math.min(position, tokens.size() - 1)).line();
    }

    PolicyFormatException wrong(String problem) {
        return PolicyFormatException.at(line(), problem);
    }

    boolean atEnd() {
        return position == tokens.size();
    }

    /** The next token, or an empty text at the end. */
    String peek() {
        return atEnd() ? "" : tokens.get(position).text();
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

    boolean isNumber() {
        return NUMBER.matcher(peek()).matches();
    }

    String word() {
        String word = peek();
        if (!WORD.matcher(word).matches()) {
            throw wrong("expected a name before " + ShownValue.of(word));
        }
        position++;
        return word;
    }

    /** A number of 64 bits: decimal, or with 0x for base 16, 0b for base 2, 0 for base 8. */
    long number() {
        String word = peek();
        try {
            BigInteger value =
                    word.startsWith("0x")
                            ? new BigInteger(word.substring(2), 16)
                            : word.startsWith("0b")
                                    ? new BigInteger(word.substring(2), 2)
                                    : new BigInteger(word, word.matches("0.+") ? 8 : 10);
            if (value.bitLength() > (value.signum() < 0 ? Long.SIZE - 1 : Long.SIZE)) {
                throw wrong(ShownValue.of(word) + ": number too large");
            }
            position++;
            return value.longValue();
        } catch (NumberFormatException e) {
            throw wrong(ShownValue.of(word) + ": not a number");
        }
    }

    /** The token behind the parenthesis that closes the next one. */
    String afterParentheses() {
        int depth = 0;
        for (int i = position; i < tokens.size(); i++) {
            String text = tokens.get(i).text();
            depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            if (depth == 0) {
                return i + 1 < tokens.size() ? tokens.get(i + 1).text() : "";
            }
        }
        throw wrong("a parenthesis is not closed");
    }
}
