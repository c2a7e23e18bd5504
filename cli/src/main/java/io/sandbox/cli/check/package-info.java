// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-check}: holds a policy against what a program does, prints or writes
 * reports, and brings the policy up to date. The comparison itself is in {@code
 * io.sandbox.recorder.drift}.
 */
package io.sandbox.cli.check;
