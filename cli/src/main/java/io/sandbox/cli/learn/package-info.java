// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-learn}: runs a program, says how the recording goes, and prints the
 * list that the program needs. Recording itself is done in {@code io.sandbox.recorder.run}.
 */
package io.sandbox.cli.learn;
