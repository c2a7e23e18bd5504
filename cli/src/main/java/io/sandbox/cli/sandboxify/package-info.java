// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox run}: finds the policy, compiles it, and has {@code sandbox-exec}
 * become the program under it. The package needs nothing of the recorder; a test checks that.
 */
package io.sandbox.cli.sandboxify;
