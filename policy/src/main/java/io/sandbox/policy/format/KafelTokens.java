// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of a kafel policy, without its comments. */
final class KafelTokens extends Tokens {
    private static final String COMMENT = "//.*|/\\*(?s:.*?)\\*/";
    private static final String INCLUDE = "#include([ \t]+\"[^\"\\n]+\")+[ \t]*[;\\n]";
    private static final String SIGN = "&&|\\|\\||[=!<>]=|[#{}()\\[\\],!&|<>]";
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<blank>\\s+)|(?<comment>"
                            + COMMENT
                            + ")|(?<include>"
                            + INCLUDE
                            + ")|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]\\w*|"
                            + SIGN,
                    Pattern.UNIX_LINES);
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]\\w*");

    private static final Pattern PATH = Pattern.compile("\"([^\"]+)\"");

    private static final Pattern BEGINNING =
            Pattern.compile(
                    "#(define|include\\b.*)?|POLICY|USE|DEFAULT|ALLOW|LOG|DENY|KILL(_[A-Z]+)?"
                            + "|USER_NOTIF|ERRNO|TRAP|TRACE",
                    Pattern.DOTALL);

    private final Inclusions inclusions;
    private boolean comments;

    KafelTokens(String text, Inclusions inclusions) {
        super(1);
        this.inclusions = inclusions;
        addAll(text, "", 1);
    }

    /** Whether a text begins as a policy does, and consists of tokens and comments. */
    static boolean areAll(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        boolean begun = false;
        while (end < text.length() && matcher.find() && matcher.start() == end) {
            end = matcher.end();
            if (!begun && matcher.group("blank") == null && matcher.group("comment") == null) {
                begun = true;
                if (!BEGINNING.matcher(matcher.group()).matches()) {
                    return false;
                }
            }
        }
        return end == text.length();
    }

    /** Adds the tokens of a file, with those of the files that it includes in their places. */
    private void addAll(String text, String file, int depth) {
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
            if (matcher.group("include") != null) {
                Matcher paths = PATH.matcher(matcher.group());
                while (paths.find()) {
                    inclusions.take(
                            paths.group(1),
                            file,
                            line,
                            depth,
                            (included, name) -> addAll(included, name, depth + 1));
                }
            } else if (matcher.group("blank") == null && matcher.group("comment") == null) {
                add(matcher.group(), line, file);
            }
            line += (int) matcher.group().chars().filter(c -> c == '\n').count();
        }
    }

    boolean hasComments() {
        return comments;
    }

    boolean isNumber() {
        return NUMBER.matcher(peek()).matches();
    }

    String word() {
        String word = peek();
        if (!WORD.matcher(word).matches()) {
            throw wrong("expected a name before " + ShownValue.of(word));
        }
        return next();
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
            next();
            return value.longValue();
        } catch (NumberFormatException e) {
            throw wrong(ShownValue.of(word) + ": not a number");
        }
    }

    /** The token after the closing parenthesis that belongs to the next token. */
    String afterParentheses() {
        int depth = 0;
        for (int i = 0; !peek(i).isEmpty(); i++) {
            depth += peek(i).equals("(") ? 1 : peek(i).equals(")") ? -1 : 0;
            if (depth == 0) {
                return peek(i + 1);
            }
        }
        throw wrong("a parenthesis is not closed");
    }
}
