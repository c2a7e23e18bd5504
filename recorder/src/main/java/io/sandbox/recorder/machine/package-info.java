// SPDX-License-Identifier: Apache-2.0
/** Facts that a recording keeps about the machine and the C library on which it was made. */
package io.sandbox.recorder.machine;
