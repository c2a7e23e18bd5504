// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

/** How many values of an argument {@code --args} keeps. */
final class ArgumentLimit {
    /** Where no number is given. */
    static final String DEFAULT = "8";

    /** So that the filter of all calls stays within what the kernel takes (4096 instructions). */
    static final int MAX = 32;

    private ArgumentLimit() {}
}
