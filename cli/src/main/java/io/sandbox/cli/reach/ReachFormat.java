// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

/** The formats of an answer, with their names for {@code --format}. */
enum ReachFormat {
    TEXT("text"),
    JSON("json");

    private final String word;

    ReachFormat(String word) {
        this.word = word;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }
}
