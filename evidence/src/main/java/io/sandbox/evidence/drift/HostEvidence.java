// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Required;
import java.time.Instant;
import java.util.List;

/**
 * What logs show of one host.
 *
 * @param host its name
 * @param recording the calls that left records there
 * @param canaries when records arrived that were made for that alone; ascending
 */
public record HostEvidence(String host, Recording recording, List<Instant> canaries) {
    public HostEvidence {
        Required.all(host, recording);
        canaries = List.copyOf(canaries);
    }
}
