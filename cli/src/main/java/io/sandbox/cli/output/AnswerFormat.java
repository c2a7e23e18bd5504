// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import java.util.Locale;

/** The formats of an answer, with their names for {@code --format}. */
public enum AnswerFormat {
    TEXT,
    JSON;

    /** The word of the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
