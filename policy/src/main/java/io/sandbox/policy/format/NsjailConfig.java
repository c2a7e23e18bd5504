// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the kafel policy in a configuration of nsjail, which is a protocol buffer in text form:
 *
 * <pre>
 * FIELDS := (NAME (":" VALUE | [":"] GROUP) [";" | ","])*
 * GROUP  := "{" FIELDS "}" | "&lt;" FIELDS "&gt;"
 * VALUE  := STRING+ | WORD | "[" [(VALUE | GROUP) ("," (VALUE | GROUP))*] "]"
 * </pre>
 *
 * The values of {@code seccomp_string} are the lines of the policy (sandbox.cc of nsjail). A field
 * that nsjail does not know is a mistake, as it is for nsjail.
 */
final class NsjailConfig {
    private static final String POLICY = "seccomp_string";
    private static final String POLICY_FILE = "seccomp_policy_file";
    private static final Pattern SIGN =
            Pattern.compile("(?m)^[ \t]*(" + POLICY + "|" + POLICY_FILE + ")[ \t]*:");
    private static final Pattern TOKEN =
            Pattern.compile("(?<blank>[ \t\r\n]+|#[^\n]*)|[A-Za-z0-9_.+-]+|[:;,{}<>\\[\\]\"']");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
    private static final int MAX_DEPTH = 32;

    /** The tokens of the whole file. */
    private static final class ConfigTokens extends Tokens {
        ConfigTokens(String text) {
            super(1);
            Matcher matcher = TOKEN.matcher(text);
            int line = 1;
            int end = 0;
            while (end < text.length()) {
                if (!matcher.find() || matcher.start() != end) {
                    String sign = text.substring(end, text.offsetByCodePoints(end, 1));
                    throw PolicyFormatException.at(line, "unexpected " + ShownValue.of(sign));
                }
                char sign = text.charAt(end);
                end = sign == '"' || sign == '\'' ? quoted(text, end, line) : matcher.end();
                String token = text.substring(matcher.start(), end);
                if (matcher.group("blank") == null) {
                    add(token, line);
                }
                line += (int) token.chars().filter(c -> c == '\n').count();
                matcher.region(end, text.length());
            }
        }

        /** The end of a text in quotes, which is on one line. */
        private static int quoted(String text, int start, int line) {
            for (int i = start + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
                if (text.charAt(i) == text.charAt(start)) {
                    return i + 1;
                }
                i += text.charAt(i) == '\\' ? 1 : 0;
            }
            throw PolicyFormatException.at(line, "a quote is not closed");
        }
    }

    private final ConfigTokens tokens;
    private final WordTable known = new WordTable(WordTable.NSJAIL);
    private final List<String> files = new ArrayList<>();
    private final StringBuilder policy = new StringBuilder();
    private int policyLine = 1;
    private int strings;

    private NsjailConfig(String text) {
        tokens = new ConfigTokens(text);
    }

    /** Whether a text has the fields that give nsjail a policy. */
    static boolean isMeant(String text) {
        return SIGN.matcher(text).find();
    }

    /**
     * The policy. Its lines have the numbers that they have in the configuration, as long as each
     * value is one line.
     *
     * @throws PolicyFormatException if the text is no such configuration
     */
    static String policy(String text) {
        NsjailConfig config = new NsjailConfig(text);
        config.fields("", 0);
        if (config.files.size() + (config.strings == 0 ? 0 : 1) != 1) {
            throw PolicyFormatException.ofWhole(
                    config.files.isEmpty() && config.strings == 0
                            ? "a configuration of nsjail without a policy"
                            : "several policies: nsjail takes one " + POLICY_FILE + " or strings");
        }
        return config.files.isEmpty()
                ? config.policy.toString()
                : "#include \"" + config.files.get(0) + "\"\n";
    }

    private void fields(String end, int depth) {
        if (depth > MAX_DEPTH) {
            throw tokens.wrong("nested too deeply");
        }
        while (end.isEmpty() ? !tokens.atEnd() : !tokens.take(end)) {
            int line = tokens.line();
            String name = tokens.next();
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || depth == 0 && !known.has("top", name)) {
                throw tokens.wrong(ShownValue.of(name) + ": no field of nsjail");
            }
            Optional<String> text = value(tokens.take(":"), depth);
            if (depth == 0 && (name.equals(POLICY) || name.equals(POLICY_FILE))) {
                take(name, text.orElseThrow(() -> tokens.wrong(name + ": no text")), line);
            }
            if (!tokens.take(";")) {
                tokens.take(",");
            }
        }
    }

    private Optional<String> value(boolean mayBeScalar, int depth) {
        if (tokens.take("{")) {
            fields("}", depth + 1);
            return Optional.empty();
        }
        if (tokens.take("<")) {
            fields(">", depth + 1);
            return Optional.empty();
        }
        if (!mayBeScalar) {
            throw tokens.wrong("expected : before " + ShownValue.of(tokens.peek()));
        }
        if (tokens.take("[")) {
            list(depth);
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        boolean isText = false;
        while (tokens.peek().startsWith("\"") || tokens.peek().startsWith("'")) {
            String quoted = tokens.next();
            text.append(unescaped(quoted.substring(1, quoted.length() - 1)));
            isText = true;
        }
        if (!isText && !tokens.next().matches("[A-Za-z0-9_.+-]+")) {
            throw tokens.wrong("a value is missing");
        }
        return isText ? Optional.of(text.toString()) : Optional.empty();
    }

    private void list(int depth) {
        if (depth > MAX_DEPTH) {
            throw tokens.wrong("nested too deeply");
        }
        if (tokens.take("]")) {
            return;
        }
        do {
            value(true, depth + 1);
        } while (tokens.take(","));
        tokens.require("]");
    }

    private String unescaped(String quoted) {
        return ESCAPE.matcher(quoted)
                .replaceAll(
                        match -> {
                            int sign = "nrt\"'\\".indexOf(match.group(1));
                            if (sign < 0) {
                                throw tokens.wrong(ShownValue.of(match.group()) + ": not read");
                            }
                            return Matcher.quoteReplacement("" + "\n\r\t\"'\\".charAt(sign));
                        });
    }

    private void take(String name, String text, int line) {
        if (name.equals(POLICY_FILE)) {
            if (!text.matches("[^\"\n]+")) {
                throw tokens.wrong(ShownValue.of(text) + ": not a path");
            }
            files.add(text);
            return;
        }
        for (int next = strings++ == 0 ? line : Math.max(line, policyLine + 1);
                policyLine < next;
                policyLine++) {
            policy.append('\n');
        }
        policy.append(text);
        policyLine += (int) text.chars().filter(c -> c == '\n').count();
    }
}
