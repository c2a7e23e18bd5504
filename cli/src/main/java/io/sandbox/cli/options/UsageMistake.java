// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Thrown for options that exclude each other, or have impossible values. */
public final class UsageMistake extends ParameterException {
    private static final long serialVersionUID = 1L;

    UsageMistake(CommandLine line, String message) {
        super(line, message);
    }
}
