// SPDX-License-Identifier: Apache-2.0
/**
 * What a compiled filter does: read, run, shown as text, and decoded into a policy by evaluating it
 * with unknown arguments. Pure; the compiler is in {@code io.sandbox.enforcer.seccomp}.
 */
package io.sandbox.enforcer.bpf;
