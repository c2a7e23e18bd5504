// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

/**
 * A place that holds a value.
 *
 * @param number of a register; or the distance from the stack pointer or frame pointer
 */
public record Location(Kind kind, long number) {
    public enum Kind {
        REGISTER,
        STACK,
        FRAME
    }

    static Location register(int number) {
        return new Location(Kind.REGISTER, number);
    }

    static Location stack(long distance) {
        return new Location(Kind.STACK, distance);
    }

    static Location frame(long distance) {
        return new Location(Kind.FRAME, distance);
    }
}
