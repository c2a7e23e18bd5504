// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

/** The formats of answers, with their names for {@code --format}. */
enum TestFormat {
    TEXT("text"),
    JSON("json");

    private final String word;

    TestFormat(String word) {
        this.word = word;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }
}
