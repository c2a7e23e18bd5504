// SPDX-License-Identifier: Apache-2.0
/** {@code sandbox syscall}: looks system calls up by name, number, group and risk. */
package io.sandbox.cli.syscall;
