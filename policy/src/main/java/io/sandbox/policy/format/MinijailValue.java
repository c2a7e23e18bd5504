// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.document.PolicyFormatException.Advice;
import io.sandbox.text.ShownValue;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads numbers as in C and constants, with {@code |}, {@code ~} and parentheses. */
final class MinijailValue {
    private static final int MAX_DEPTH = 32;

    static long read(MinijailTokens tokens, Surroundings around) {
        return read(tokens, around, 0);
    }

    private static long read(MinijailTokens tokens, Surroundings around, int depth) {
        if (depth > MAX_DEPTH) {
            throw tokens.wrong("nested too deeply");
        }
        long value = 0;
        do {
            boolean complement = tokens.take("~");
            long part;
            if (tokens.take("(")) {
                part = read(tokens, around, depth + 1);
                tokens.require(")");
            } else {
                part = constant(tokens, around);
            }
            value |= complement ? ~part : part;
        } while (tokens.take("|"));
        return value;
    }

    private static long constant(MinijailTokens tokens, Surroundings around) {
        String word = tokens.next();
        if (word.matches("-?[0-9]\\w*")) {
            return number(tokens, word);
        }
        Long added = around.constants().get(word);
        if (added != null) {
            return added;
        }
        OptionalLong named = ConstantNames.lookUp(around.arch(), word);
        if (named.isEmpty() && ErrnoNames.numberOf(word).isPresent()) {
            return ErrnoNames.numberOf(word).getAsInt();
        }
        return named.orElseThrow(
                () ->
                        tokens.wrong(ShownValue.of(word) + ": unknown constant (give its number)")
                                .with(Optional.of(Advice.GIVE_CONSTANT)));
    }

    /** A number as of strtoull(3): base 16 after 0x, 8 after 0, minus the two's complement. */
    private static long number(MinijailTokens tokens, String word) {
        boolean negative = word.startsWith("-");
        String digits = negative ? word.substring(1) : word;
        try {
            BigInteger value =
                    digits.matches("0[xX].+")
                            ? new BigInteger(digits.substring(2), 16)
                            : new BigInteger(digits, digits.matches("0.+") ? 8 : 10);
            if (value.bitLength() > (negative ? Long.SIZE - 1 : Long.SIZE)) {
                throw tokens.wrong(ShownValue.of(word) + ": number too large");
            }
            return negative ? -value.longValue() : value.longValue();
        } catch (NumberFormatException e) {
            throw tokens.wrong(ShownValue.of(word) + ": not a number");
        }
    }
}
