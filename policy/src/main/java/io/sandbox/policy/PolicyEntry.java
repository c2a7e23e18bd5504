// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One entry of a list.
 *
 * @param conditions all must hold; none means always; at most one for each argument
 * @param errno with which the call fails, 1 to 4095, whatever the list is; empty for an entry that
 *     means what the list means
 */
public record PolicyEntry(CallRef call, List<Condition> conditions, OptionalInt errno) {
    public PolicyEntry {
        Objects.requireNonNull(call, "call");
        if (errno.isPresent() && !new Action.Errno(errno.getAsInt()).isUsual()) {
            throw new IllegalArgumentException("errno " + errno.getAsInt());
        }
        conditions = List.copyOf(conditions);
        int seen = 0;
        for (Condition condition : conditions) {
            int bit = 1 << condition.argument();
            if ((seen & bit) != 0) {
                throw new IllegalArgumentException("argument twice: " + condition.argument());
            }
            seen |= bit;
        }
    }

    /** An entry that means what the list means. */
    public PolicyEntry(CallRef call, List<Condition> conditions) {
        this(call, conditions, OptionalInt.empty());
    }

    public static PolicyEntry of(String name) {
        return new PolicyEntry(new CallRef.Named(name), List.of());
    }

    public static PolicyEntry of(int number) {
        return new PolicyEntry(new CallRef.Numbered(number), List.of());
    }

    /** Written as in a list: {@code socket(arg0==38)=EAFNOSUPPORT}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        appendTo(text);
        return text.toString();
    }

    void appendTo(StringBuilder text) {
        append(text, call, conditions);
        if (errno.isPresent()) {
            text.append('=').append(ErrnoNames.nameOrNumber(errno.getAsInt()));
        }
    }

    static void append(StringBuilder text, CallRef call, List<Condition> conditions) {
        text.append(call.toString());
        char before = '(';
        for (Condition condition : conditions) {
            text.append(before).append("arg").append(condition.argument());
            if (condition.operator() == Operator.MASKED_EQ) {
                text.append("&0x").append(Long.toHexString(condition.mask()));
            }
            text.append(condition.operator().symbol());
            text.append(Long.toUnsignedString(condition.value()));
            before = ',';
        }
        if (before == ',') {
            text.append(')');
        }
    }
}
