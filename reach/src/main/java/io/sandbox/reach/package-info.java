// SPDX-License-Identifier: Apache-2.0
/**
 * Which system calls the code of a program can make at all, and on which path. {@link
 * io.sandbox.reach.Reach} answers that from the files alone: nothing is run, and nothing is known
 * of policies or recordings.
 */
package io.sandbox.reach;
