// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Operator;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a policy text, which are read one after the other. */
abstract class Tokens {
    /** {@code file}: an included file; empty for the first. */
    private record Token(String text, int line, String file) {}

    private final List<Token> tokens = new ArrayList<>();
    private final int firstLine;
    private int position;

    Tokens(int firstLine) {
        this.firstLine = firstLine;
    }

    final void add(String text, int line) {
        add(text, line, "");
    }

    final void add(String text, int line, String file) {
        tokens.add(new Token(text, line, file));
    }

    /** The line of the next token; at the end, that of the last. */
    final int line() {
        return tokens.isEmpty() ? firstLine : nextOrLast().line();
    }

    private Token nextOrLast() {
        return tokens.get(Math.min(position, tokens.size() - 1));
    }

    final PolicyFormatException wrong(String problem) {
        String file = tokens.isEmpty() ? "" : nextOrLast().file();
        return file.isEmpty()
                ? PolicyFormatException.at(line(), problem)
                : PolicyFormatException.ofWhole(
                        ShownValue.of(file) + ": line " + line() + ": " + problem);
    }

    /** {@code more}: what the caller takes beside comparisons. */
    final Operator operator(String symbol, String more) {
        String expected = ": expected one of == != < <= > >=" + more;
        return Operator.bySymbol(symbol).orElseThrow(() -> wrong(ShownValue.of(symbol) + expected));
    }

    final boolean atEnd() {
        return position == tokens.size();
    }

    /** The next token, or an empty text at the end. */
    final String peek() {
        return peek(0);
    }

    /** The token after {@code skipped} others, or an empty text if there is none. */
    final String peek(int skipped) {
        int index = position + skipped;
        return index < tokens.size() ? tokens.get(index).text() : "";
    }

    final String next() {
        if (atEnd()) {
            throw wrong("the statement is not complete");
        }
        return tokens.get(position++).text();
    }

    final boolean take(String token) {
        if (atEnd() || !peek().equals(token)) {
            return false;
        }
        position++;
        return true;
    }

    final void require(String token) {
        if (!take(token)) {
            throw wrong("expected " + token + " before " + ShownValue.of(peek()));
        }
    }
}
