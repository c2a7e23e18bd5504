// SPDX-License-Identifier: Apache-2.0
/**
 * Reads compiled filters, runs them, shows them as text, and decodes them into a policy by symbolic
 * evaluation. Pure; the compiler is in {@code io.sandbox.enforcer.seccomp}.
 */
package io.sandbox.policy.bpf;
