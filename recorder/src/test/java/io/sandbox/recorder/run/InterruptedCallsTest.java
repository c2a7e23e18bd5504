// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is kept of threads; the rest is tested with the recorder. */
final class InterruptedCallsTest {
    @Test
    void note_threadsHaveEnded_areForgotten() {
        InterruptedCalls calls = new InterruptedCalls(true, true);
        for (int i = 0; i < 10_000; i++) {
            FakeListener listener = new FakeListener(FakeListener.NOBODY + i);
            listener.ask(1);
            listener.poll();
            calls.note(listener, null);
        }
        assertTrue(calls.threadCount() <= 1024, "" + calls.threadCount());
    }
}
