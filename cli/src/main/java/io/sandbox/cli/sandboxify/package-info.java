// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandboxify}: finds the policy, compiles it, and makes {@code sandbox-exec}
 * become the program under it. Enforcing uses nothing of the recorder, which a test checks.
 */
package io.sandbox.cli.sandboxify;
