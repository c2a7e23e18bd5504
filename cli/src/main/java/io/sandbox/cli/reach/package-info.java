// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox reach}: what the code of a program can call, beside what its policy
 * allows and its recordings show. {@code io.sandbox.reach} reads the code.
 */
package io.sandbox.cli.reach;
