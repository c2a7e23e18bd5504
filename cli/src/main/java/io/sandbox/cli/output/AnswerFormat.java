// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

/** The formats of an answer, with their names for {@code --format}. */
public enum AnswerFormat {
    TEXT,
    JSON
}
