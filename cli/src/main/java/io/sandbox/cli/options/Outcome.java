// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/** Handles mistakes in the command line and failures of the command. */
public interface Outcome {
    /**
     * @return the exit status
     */
    int mistake(String message);

    /**
     * @return the exit status
     */
    int failure(Throwable e);

    /** The line for {@code --version}. */
    String version();
}
