// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;

/** Something that a file adds to a fleet. */
public interface Evidence extends Serializable {
    /** The host or file that it is of. All evidence of one key belongs into one fleet. */
    String key();

    /** Adds it, unless it is already there. */
    void addTo(Fleet fleet);
}
