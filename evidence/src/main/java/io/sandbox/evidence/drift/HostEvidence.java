// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Recording;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What logs show of one host.
 *
 * @param host its name
 * @param recording the calls that left records there
 * @param canaries when records arrived that were made for that alone; ascending
 */
public record HostEvidence(String host, Recording recording, List<Instant> canaries) {
    public HostEvidence {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(recording, "recording");
        canaries = List.copyOf(canaries);
    }
}
