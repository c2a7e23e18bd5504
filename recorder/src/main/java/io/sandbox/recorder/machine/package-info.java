// SPDX-License-Identifier: Apache-2.0
/** Facts that a recording notes about the machine and the C library. */
package io.sandbox.recorder.machine;
