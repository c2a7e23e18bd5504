// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.cli.Cli;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetRow;
import io.sandbox.fleet.HostPattern;
import io.sandbox.fleet.spark.ParquetTable;
import io.sandbox.fleet.spark.SparkFleetReader;
import java.util.List;
import java.util.Optional;

/** {@code sandbox fleet} as {@code spark-submit} starts it, with the same words. */
public final class FleetOnSpark {
    private FleetOnSpark() {}

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(FleetCommand.readingFrom(new OnSpark()), arguments));
    }

    private static final class OnSpark implements FleetCommand.Source {
        @Override
        public Fleet read(
                List<String> paths,
                Optional<HostPattern> pattern,
                Optional<String> exe,
                boolean keep) {
            return SparkFleetReader.read(paths, pattern, exe, keep);
        }

        @Override
        public byte[] parquet(List<FleetRow> rows) {
            return ParquetTable.write(rows);
        }
    }
}
