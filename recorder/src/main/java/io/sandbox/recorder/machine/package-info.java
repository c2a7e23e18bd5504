// SPDX-License-Identifier: Apache-2.0
/** What is noted about the machine and the C library on which a recording is made. */
package io.sandbox.recorder.machine;
