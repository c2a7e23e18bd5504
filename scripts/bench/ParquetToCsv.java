// SPDX-License-Identifier: Apache-2.0

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** Has DuckDB read the table of sandbox fleet: java -cp DUCKDB_JAR ParquetToCsv.java PARQUET CSV */
class ParquetToCsv {
    public static void main(String[] files) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            // epoch_ms takes nothing but timestamps.
            statement.execute(
                    "COPY (SELECT * REPLACE (epoch_ms(first) AS first) FROM '%s') TO '%s' (HEADER)"
                            .formatted(files[0], files[1]));
        }
    }
}
