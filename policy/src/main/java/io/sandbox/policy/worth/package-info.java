// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy is worth: which classes of what calls do it leaves open, and which known exploits
 * can still reach the kernel. Start with {@link io.sandbox.policy.worth.Worth}. Pure: the package
 * neither reads nor writes files of the user.
 */
package io.sandbox.policy.worth;
