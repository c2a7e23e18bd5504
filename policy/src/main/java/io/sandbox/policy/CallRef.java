// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.text.ShownValue;

/** A system call as a policy mentions it. Whether it exists depends on the architecture. */
public sealed interface CallRef {
    /** {@code name}: a small letter or underscore, followed by any number of these and digits. */
    record Named(String name) implements CallRef {
        public Named {
            if (name.isEmpty() || !isNameStart(name.charAt(0))) {
                throw new IllegalArgumentException("not a name: " + ShownValue.of(name));
            }
            for (int i = 1; i < name.length(); i++) {
                if (!isNamePart(name.charAt(i))) {
                    throw new IllegalArgumentException("not a name: " + ShownValue.of(name));
                }
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * @param number 0 to 2^30 - 1; bit 30 would make it a call of x32, which no policy can hold
     */
    record Numbered(int number) implements CallRef {
        public Numbered {
            if (number < 0 || number > MAX_NUMBER) {
                throw new IllegalArgumentException("not a number of a system call: " + number);
            }
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    int MAX_NUMBER = (1 << 30) - 1;

    /** Written as in a list, numbers in decimal. */
    @Override
    String toString();

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c == '_';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || c >= '0' && c <= '9';
    }
}
