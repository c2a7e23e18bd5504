// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.List;
import java.util.Objects;

/**
 * One entry of a list.
 *
 * @param conditions all must hold; none means always; at most one for each argument
 */
public record PolicyEntry(CallRef call, List<Condition> conditions) {
    public PolicyEntry {
        Objects.requireNonNull(call, "call");
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

    public static PolicyEntry of(String name) {
        return new PolicyEntry(new CallRef.Named(name), List.of());
    }

    public static PolicyEntry of(int number) {
        return new PolicyEntry(new CallRef.Numbered(number), List.of());
    }

    /** Written as in a list: {@code read(arg0==1)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, call, conditions);
        return text.toString();
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
