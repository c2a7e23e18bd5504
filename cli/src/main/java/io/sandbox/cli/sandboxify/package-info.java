// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandboxify}: finds the policy, compiles it, and has {@code sandbox-exec}
 * become the program under it. Enforcing a policy takes nothing of the recorder, and a test holds
 * that.
 */
package io.sandbox.cli.sandboxify;
