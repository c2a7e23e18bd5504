// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.meaning.Region;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the expression that decides when a rule of a kafel policy holds:
 *
 * <pre>
 * ANY   := ALL (("||" | ",") ALL)*
 * ALL   := ONE ("&amp;&amp;" ONE)*
 * ONE   := "!" ONE | "(" ANY ")" | VALUE ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") VALUE
 * VALUE := BITS ("|" BITS)*
 * BITS  := PART ("&amp;" PART)*
 * PART  := NUMBER | NAME | "(" VALUE ")"
 * </pre>
 *
 * A comparison uses 64 bits if it has an argument of 64 bits or a number that does not fit into 32.
 * Otherwise the lower halves are compared (kafel's codegen.c, is_64bit).
 */
final class KafelExpression {
    private static final int MAX_DEPTH = 32;

    /**
     * @param argument the position of an argument; empty for a constant
     * @param bits the mask of an argument, the value of a constant
     * @param wide whether a comparison with it uses 64 bits
     */
    private record Value(Optional<Integer> argument, long bits, boolean wide) {
        static Value constant(long value, boolean wide) {
            return new Value(Optional.empty(), value, wide);
        }
    }

    private final KafelTokens tokens;
    private final Map<String, Long> constants;
    private final Map<String, KafelArguments.Argument> arguments;
    private int depth;

    KafelExpression(
            KafelTokens tokens,
            Map<String, Long> constants,
            Map<String, KafelArguments.Argument> arguments) {
        this.tokens = tokens;
        this.constants = constants;
        this.arguments = arguments;
    }

    /** The alternatives of the whole expression; none if it never holds. */
    List<List<Condition>> read() {
        return any(false);
    }

    private List<List<Condition>> any(boolean negated) {
        List<List<Condition>> found = all(negated);
        while (tokens.take("||") || tokens.take(",")) {
            found = join(found, all(negated), negated);
        }
        return found;
    }

    private List<List<Condition>> all(boolean negated) {
        List<List<Condition>> found = one(negated);
        while (tokens.take("&&")) {
            found = join(found, one(negated), !negated);
        }
        return found;
    }

    private List<List<Condition>> join(
            List<List<Condition>> left, List<List<Condition>> right, boolean both) {
        List<List<Condition>> joined = new ArrayList<>(left);
        if (both) {
            joined = Region.product(left, right).orElseThrow(() -> tokens.wrong(tooMany()));
        } else {
            joined.addAll(right);
        }
        if (joined.size() > Region.LIMIT) {
            throw tokens.wrong(tooMany());
        }
        return joined;
    }

    private static String tooMany() {
        return "more than " + Region.LIMIT + " alternatives";
    }

    private List<List<Condition>> one(boolean negated) {
        if (++depth > MAX_DEPTH) {
            throw tokens.wrong("nested too deeply");
        }
        List<List<Condition>> found;
        if (tokens.take("!")) {
            found = one(!negated);
        } else if (tokens.peek().equals("(") && !isValue(tokens.afterParentheses())) {
            tokens.require("(");
            found = any(negated);
            tokens.require(")");
        } else {
            found = comparison(negated);
        }
        depth--;
        return found;
    }

    /** Whether parentheses before this token enclose a value, not a condition. */
    private static boolean isValue(String next) {
        return next.equals("&") || next.equals("|") || Operator.bySymbol(next).isPresent();
    }

    private List<List<Condition>> comparison(boolean negated) {
        Value left = value();
        String symbol = tokens.peek();
        Operator operator = tokens.operator(symbol, "");
        tokens.require(symbol);
        Value right = value();
        boolean wide = left.wide() || right.wide();
        if (left.argument().isPresent() == right.argument().isPresent()) {
            throw tokens.wrong(
                    left.argument().isPresent()
                            ? "an argument is compared with an argument, and a policy of ours"
                                    + " compares arguments with numbers only"
                            : "a number is compared with a number");
        }
        Operator decisive = negated ? opposite(operator) : operator;
        return left.argument().isPresent()
                ? compare(left, decisive, right.bits(), wide)
                : compare(right, mirrored(decisive), left.bits(), wide);
    }

    private List<List<Condition>> compare(Value left, Operator operator, long value, boolean wide) {
        int argument = left.argument().orElseThrow();
        long mask = left.bits() & (wide ? -1 : LowHalf.MASK);
        if (mask == -1) {
            return List.of(List.of(Condition.of(argument, operator, value)));
        }
        boolean possible = (value & ~mask) == 0;
        return switch (operator) {
            case EQ ->
                    possible
                            ? List.of(List.of(Condition.masked(argument, mask, value)))
                            : List.of();
            case NE ->
                    possible
                            ? Region.negation(Condition.masked(argument, mask, value))
                            : List.of(List.of());
            default -> {
                if (mask != LowHalf.MASK || !possible) {
                    throw tokens.wrong("the order of some bits is compared (unsupported)");
                }
                yield LowHalf.compare(argument, operator, value);
            }
        };
    }

    private static Operator opposite(Operator operator) {
        return switch (operator) {
            case EQ -> Operator.NE;
            case NE -> Operator.EQ;
            case LT -> Operator.GE;
            case LE -> Operator.GT;
            case GT -> Operator.LE;
            case GE -> Operator.LT;
            case MASKED_EQ -> throw new IllegalArgumentException();
        };
    }

    private static Operator mirrored(Operator operator) {
        return switch (operator) {
            case LT -> Operator.GT;
            case LE -> Operator.GE;
            case GT -> Operator.LT;
            case GE -> Operator.LE;
            default -> operator;
        };
    }

    private Value value() {
        Value found = bits();
        while (tokens.take("|")) {
            Value other = bits();
            if (found.argument().isPresent() || other.argument().isPresent()) {
                throw tokens.wrong("| with an argument (unsupported)");
            }
            found = Value.constant(found.bits() | other.bits(), found.wide() || other.wide());
        }
        return found;
    }

    private Value bits() {
        Value found = part();
        while (tokens.take("&")) {
            Value other = part();
            if (found.argument().isPresent() && other.argument().isPresent()) {
                throw tokens.wrong(
                        "& between two arguments: a policy of ours has arguments and numbers"
                                + " only");
            }
            found =
                    new Value(
                            found.argument().or(other::argument),
                            found.bits() & other.bits(),
                            found.wide() || other.wide());
        }
        return found;
    }

    private Value part() {
        if (tokens.take("(")) {
            if (++depth > MAX_DEPTH) {
                throw tokens.wrong("nested too deeply");
            }
            Value inner = value();
            tokens.require(")");
            depth--;
            return inner;
        }
        if (tokens.isNumber()) {
            return number(tokens.number());
        }
        String name = tokens.word();
        if (constants.containsKey(name)) {
            return number(constants.get(name));
        }
        KafelArguments.Argument argument = arguments.get(name);
        if (argument == null) {
            throw tokens.wrong(ShownValue.of(name) + ": neither an argument nor a constant");
        }
        return new Value(Optional.of(argument.position()), -1, !argument.narrow());
    }

    private static Value number(long number) {
        return Value.constant(number, (number & ~LowHalf.MASK) != 0);
    }
}
