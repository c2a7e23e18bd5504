// SPDX-License-Identifier: Apache-2.0
/**
 * The parts of a policy: calls, conditions on their arguments, and actions; and the text of the
 * environment variables, which {@code libsandbox.so} reads too. Pure: the package opens no files
 * and needs no kernel. Other tools' formats are in {@code document} and {@code format}.
 */
package io.sandbox.policy;
