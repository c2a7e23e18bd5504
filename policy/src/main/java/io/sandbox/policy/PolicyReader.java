// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads in one pass from left to right. A mistake of syntax is reported at the first character with
 * which no correct text can continue. A mistake of meaning (a number too large, an argument named
 * twice) is reported at the first character of the wrong part, when this part is complete.
 *
 * <p>Runs at each start of an enforced program, in a cold JVM: no regular expressions.
 */
final class PolicyReader {
    private static final int END_OF_TEXT = -1;
    private static final int X32_BIT = 1 << 30; // __X32_SYSCALL_BIT, asm/unistd.h
    private static final String ARGUMENT_WORD = "arg";

    private final String text;
    private boolean inList;
    private boolean inParentheses;
    private int offset;

    PolicyReader(String text) {
        this.text = text;
    }

    List<PolicyEntry> readList() {
        inList = true;
        List<PolicyEntry> entries = new ArrayList<>();
        while (true) {
            while (peek() == ':') {
                offset++;
            }
            if (peek() == END_OF_TEXT) {
                return entries;
            }
            entries.add(readEntry());
        }
    }

    /** Reads the name or number of an errno, which is all of the text from the start to the end. */
    int readErrno(int start, int end) {
        offset = start;
        if (!isDigit(peek())) {
            OptionalInt known = ErrnoNames.numberOf(text.substring(start, end));
            if (known.isEmpty()) {
                throw wrongAt(start, PolicyMistake.BAD_ERRNO);
            }
            offset = end;
            return known.getAsInt();
        }
        long number = readInteger();
        if (offset != end) {
            throw wrongHere(PolicyMistake.UNEXPECTED_CHARACTER);
        }
        if (number < 1 || number > Action.Errno.MAX) { // values from 2^63 on are negative
            throw wrongAt(start, PolicyMistake.ERRNO_RANGE);
        }
        return (int) number;
    }

    private PolicyEntry readEntry() {
        CallRef call = isDigit(peek()) ? readNumber() : readName();
        List<Condition> conditions = peek() == '(' ? readConditions() : List.of();
        OptionalInt errno = OptionalInt.empty();
        if (peek() == '=') {
            int colon = text.indexOf(':', offset);
            errno = OptionalInt.of(readErrno(offset + 1, colon == -1 ? text.length() : colon));
        }
        if (peek() != ':' && peek() != END_OF_TEXT) {
            throw wrongHere(PolicyMistake.UNEXPECTED_CHARACTER);
        }
        return new PolicyEntry(call, conditions, errno);
    }

    private CallRef readNumber() {
        int start = offset;
        long number = readInteger();
        if (Long.compareUnsigned(number, Integer.MAX_VALUE) > 0) {
            throw wrongAt(start, PolicyMistake.NUMBER_OVERFLOW);
        }
        if ((number & X32_BIT) != 0) {
            throw wrongAt(start, PolicyMistake.X32_NUMBER);
        }
        return new CallRef.Numbered((int) number);
    }

    private CallRef readName() {
        int start = offset;
        if (!isNameStart(peek())) {
            throw wrongHere(PolicyMistake.BAD_NAME);
        }
        while (isNameStart(peek()) || isDigit(peek())) {
            offset++;
        }
        return new CallRef.Named(text.substring(start, offset));
    }

    private List<Condition> readConditions() {
        List<Condition> conditions = new ArrayList<>();
        inParentheses = true;
        offset++;
        if (peek() == ')') {
            throw wrongHere(PolicyMistake.EMPTY_CONDITIONS);
        }
        while (true) {
            conditions.add(readCondition(conditions));
            if (peek() == ')') {
                break;
            }
            if (peek() != ',') {
                throw wrongHere(PolicyMistake.UNEXPECTED_CHARACTER);
            }
            offset++;
        }
        offset++;
        inParentheses = false;
        return conditions;
    }

    private Condition readCondition(List<Condition> earlier) {
        int argument = readArgument(earlier);
        boolean masked = peek() == '&';
        long mask = -1;
        if (masked) {
            offset++;
            mask = readInteger();
        }
        int start = offset;
        Operator operator = readOperator();
        if (masked && operator != Operator.EQ) {
            throw wrongAt(start, PolicyMistake.MASK_NEEDS_EQ);
        }
        start = offset;
        long value = readInteger();
        if ((value & ~mask) != 0) {
            throw wrongAt(start, PolicyMistake.VALUE_OUTSIDE_MASK);
        }
        return new Condition(argument, masked ? Operator.MASKED_EQ : operator, mask, value);
    }

    private int readArgument(List<Condition> earlier) {
        int start = offset;
        for (int i = 0; i < ARGUMENT_WORD.length(); i++) {
            if (peek() != ARGUMENT_WORD.charAt(i)) {
                throw wrongHere(PolicyMistake.BAD_ARGUMENT);
            }
            offset++;
        }
        int argument = peek() - '0';
        if (argument < 0 || argument >= Condition.ARGUMENTS) {
            throw wrongHere(PolicyMistake.BAD_ARGUMENT);
        }
        offset++;
        for (Condition condition : earlier) {
            if (condition.argument() == argument) {
                throw wrongAt(start, PolicyMistake.DUPLICATE_ARGUMENT);
            }
        }
        return argument;
    }

    private Operator readOperator() {
        int c = peek();
        if (c != '=' && c != '!' && c != '<' && c != '>') {
            throw wrongHere(PolicyMistake.BAD_OPERATOR);
        }
        offset++;
        boolean thenEqual = peek() == '=';
        if (!thenEqual && (c == '=' || c == '!')) {
            throw wrongHere(PolicyMistake.BAD_OPERATOR);
        }
        if (thenEqual) {
            offset++;
        }
        return switch (c) {
            case '=' -> Operator.EQ;
            case '!' -> Operator.NE;
            case '<' -> thenEqual ? Operator.LE : Operator.LT;
            default -> thenEqual ? Operator.GE : Operator.GT;
        };
    }

    /** Reads an unsigned number; values from 2^63 on are negative. */
    private long readInteger() {
        int start = offset;
        if (!isDigit(peek())) {
            throw wrongHere(PolicyMistake.BAD_NUMBER);
        }
        boolean hex = text.startsWith("0x", start);
        int base = hex ? 16 : 10;
        if (hex) {
            offset += 2;
        }
        int firstDigit = offset;
        long value = 0;
        boolean overflow = false;
        for (int digit = digit(base); digit >= 0; digit = digit(base)) {
            long limit = Long.divideUnsigned(-1L - digit, base); // above it, value exceeds 2^64-1
            overflow |= Long.compareUnsigned(value, limit) > 0;
            value = value * base + digit;
            offset++;
        }
        if (offset == firstDigit || isWordPart(peek())) {
            throw wrongHere(PolicyMistake.BAD_NUMBER);
        }
        if (!hex && text.charAt(start) == '0' && offset > start + 1) {
            throw wrongAt(start, PolicyMistake.LEADING_ZERO);
        }
        if (overflow) {
            throw wrongAt(start, PolicyMistake.NUMBER_OVERFLOW);
        }
        return value;
    }

    /** The value of the digit at the cursor; -1 if it is none. Only ASCII counts. */
    private int digit(int base) {
        int c = peek();
        if (isDigit(c)) {
            return c - '0';
        }
        if (base == 16 && c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        if (base == 16 && c >= 'A' && c <= 'F') {
            return c - 'A' + 10;
        }
        return -1;
    }

    private int peek() {
        return offset == text.length() ? END_OF_TEXT : text.charAt(offset);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(int c) {
        return c >= 'a' && c <= 'z' || c == '_';
    }

    private static boolean isWordPart(int c) {
        return isNameStart(c) || isDigit(c) || c >= 'A' && c <= 'Z';
    }

    /** The mistake here, or if the entry ends inside parentheses, that one instead. */
    private PolicySyntaxException wrongHere(PolicyMistake mistake) {
        boolean entryEnds = peek() == ':' || peek() == END_OF_TEXT;
        return wrongAt(offset, inParentheses && entryEnds ? PolicyMistake.MISSING_CLOSE : mistake);
    }

    private PolicySyntaxException wrongAt(int where, PolicyMistake mistake) {
        return inList
                ? PolicySyntaxException.inList(mistake, where, text)
                : PolicySyntaxException.inValue(mistake, where, text);
    }
}
