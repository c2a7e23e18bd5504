// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.cli.Cli;
import io.sandbox.fleet.spark.SparkFleetReader;

/** {@code sandbox fleet} as {@code spark-submit} starts it, with the same words. */
public final class FleetOnSpark {
    private FleetOnSpark() {}

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(FleetCommand.readingFrom(SparkFleetReader::read), arguments));
    }
}
