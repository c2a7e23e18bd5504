// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.Serializable;

/**
 * The records of a call.
 *
 * @param first the earliest time, in ms since the epoch; {@link Long#MAX_VALUE} if none had one
 */
public record CallCount(long count, long first) implements Serializable {
    CallCount plus(CallCount other) {
        return new CallCount(count + other.count, Math.min(first, other.first));
    }

    /** How long after the start its first record came; 0 if no time is known. */
    public long millisAfter(long start) {
        return first == Long.MAX_VALUE ? 0 : first - start;
    }
}
