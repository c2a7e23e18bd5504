// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LowHalfTest {
    private static final long[] VALUES = {
        0, 1, 2, 0x7fffffffL, 0x80000000L, 0xfffffffeL, 0xffffffffL, 0x100000000L, -1
    };

    private static boolean holds(int argument, Operator operator, long value, long actual) {
        return LowHalf.compare(argument, operator, value).stream()
                .anyMatch(all -> all.stream().allMatch(one -> one.holds(actual)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_EQ")
    void compare_anyValues_isTheComparisonOfTheirLowerHalves(Operator operator) {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long value = i % 2 == 0 ? VALUES[random.nextInt(VALUES.length)] : random.nextLong();
            long actual = (value + random.nextInt(5) - 2) ^ (random.nextLong() << 32);
            Condition plain = Condition.of(2, operator, value & LowHalf.MASK);
            assertEquals(
                    plain.holds(actual & LowHalf.MASK),
                    holds(2, operator, value, actual),
                    () -> Long.toHexString(actual) + operator + Long.toHexString(value));
        }
    }
}
