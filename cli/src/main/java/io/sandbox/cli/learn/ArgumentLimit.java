// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

/** How many values of an argument {@code --args} keeps. */
final class ArgumentLimit {
    /** The limit if no number is given. */
    static final String DEFAULT = "8";

    /** Larger limits could make the filter too long for the kernel (4096 instructions). */
    static final int MAX = 32;

    private ArgumentLimit() {}
}
