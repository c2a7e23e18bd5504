// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/** Handles mistakes in the command line and failures of the command. */
public interface Outcome {
    /** The exit status. */
    int mistake(String message);

    /** The exit status. */
    int failure(Throwable e);

    /** The line for {@code --version}. */
    String version();
}
