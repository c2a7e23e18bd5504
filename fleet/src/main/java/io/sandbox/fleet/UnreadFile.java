// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

/** A file that could not be read to its end, and why. */
public record UnreadFile(String file, String why) implements Evidence {
    @Override
    public String key() {
        return file;
    }

    @Override
    public void addTo(Fleet fleet) {
        fleet.addUnread(file, why);
    }
}
