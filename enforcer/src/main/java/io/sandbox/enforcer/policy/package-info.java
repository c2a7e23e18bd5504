// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy is: calls, conditions on their arguments, and actions, with the text of the
 * environment variables that {@code libsandbox.so} reads too. Pure: the package opens no files and
 * needs no kernel. Policies in the formats of other tools are in {@code document} and {@code
 * format}.
 */
package io.sandbox.enforcer.policy;
