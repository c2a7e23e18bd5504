// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox learn}: runs a program, shows the progress of the recording, and
 * prints the list that the program needs. {@code io.sandbox.recorder.run} does the recording.
 */
package io.sandbox.cli.learn;
