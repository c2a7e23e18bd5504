package io.sandbox.recorder.source;

import java.util.Optional;

/** Tells whether a file was written to. For one thread. */
interface WriteEvents {
    /** Why that cannot be told; empty if it can. */
    Optional<String> trouble();

    /** Takes what was not taken yet; false if nothing was written. */
    boolean poll();

    void close();
}
