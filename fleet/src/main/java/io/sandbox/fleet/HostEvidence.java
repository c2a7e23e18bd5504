// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.util.List;

/**
 * What a file shows of a host.
 *
 * @param isFile whether nothing names the host, so that the file counts as one
 */
record HostEvidence(String host, boolean isFile, List<HostRun> runs, List<String> losses)
        implements Evidence {
    @Override
    public String key() {
        return host;
    }

    @Override
    public void addTo(Fleet fleet) {
        fleet.addHost(host, isFile);
        runs.forEach(run -> fleet.add(host, run));
        losses.forEach(loss -> fleet.addLoss(host, loss));
    }
}
