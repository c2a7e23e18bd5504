// SPDX-License-Identifier: Apache-2.0
/**
 * Facts that a recording keeps about the machine and the C library on which it was made, and what
 * systemd, container runtimes and compose say of what they start.
 */
package io.sandbox.recorder.machine;
