// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;

/**
 * What the kernel has counted until now.
 *
 * @param works whether each test call was counted
 */
record NodeReading(
        CallTrace trace, CallTrace.Tally tally, TracedArguments arguments, boolean works) {}
