// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.text.Shipped;

/** How a file of each format is used. */
final class FormatUse {
    private FormatUse() {}

    static String of(PolicyFormat format) {
        return Shipped.lines(FormatUse.class, "uses.tsv")
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(format.toString()))
                .findFirst()
                .orElseThrow()[1];
    }
}
