// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/** What becomes of a command line that is wrong, and of a command that fails. */
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
