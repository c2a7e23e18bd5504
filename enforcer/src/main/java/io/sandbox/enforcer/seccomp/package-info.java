// SPDX-License-Identifier: Apache-2.0
/**
 * From a policy to the program that the kernel runs, by libseccomp through JNA and by code of our
 * own where libseccomp says something else. This is the only package that uses JNA. Nothing is
 * loaded into the kernel here: that is done in C, in the process that is to be filtered.
 */
package io.sandbox.enforcer.seccomp;
