// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import java.util.Locale;

/** The formats in which a fleet is shown. */
enum FleetFormat {
    TEXT,
    JSON,
    CSV;

    /** The word of the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
