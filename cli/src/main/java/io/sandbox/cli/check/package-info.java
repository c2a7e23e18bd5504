// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-check}: compares a policy with what a program does, prints or writes
 * reports, and updates the policy. The comparison itself is in {@code io.sandbox.evidence.drift}.
 */
package io.sandbox.cli.check;
