// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.recorder.source.RecordSource;

/**
 * What all runs of a {@link LogRecorder} share.
 *
 * @param waiter waits for records and for messages of sandbox-exec
 */
record LogChannel(
        SandboxExec sandboxExec,
        RecordSource source,
        Waiters waiters,
        Waiter waiter,
        Recorder.Observer observer) {}
