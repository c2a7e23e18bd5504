// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.Optional;

/** How far a recording is. */
public interface Progress {
    long records();

    /** How many distinct calls there are, whichever program made them. */
    int callCount();

    /** The call that was seen last; empty if that is not known. */
    Optional<ObservedCall> lastCall();
}
