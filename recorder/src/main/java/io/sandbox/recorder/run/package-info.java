// SPDX-License-Identifier: Apache-2.0
/**
 * Runs a program and records what it calls, once ({@link io.sandbox.recorder.run.Recorder}) or in a
 * series ({@link io.sandbox.recorder.run.RunSeries}), and decides whether the evidence is complete.
 * The sources of records are in {@code source}, what is kept of them is in {@code evidence}.
 */
package io.sandbox.recorder.run;
