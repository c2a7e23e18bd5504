// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.fleet.FleetRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Rows as a file of Apache Parquet, made by the library that Spark brings along.
 *
 * <p>Parquet is written only under Spark. The library that everybody uses takes 9 MB, and 50 MB of
 * Hadoop that it cannot do without, while our package has 13 MB. Spark has all of that. A writer of
 * our own would be a format to maintain.
 */
public final class ParquetTable {
    /** The names are those of the CSV. */
    private static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType(
                    """
                    message fleet {
                      required binary executable (STRING);
                      required binary arch (STRING);
                      required binary call (STRING);
                      required int32 number;
                      required int32 hosts;
                      required int32 of;
                      required int64 records;
                      required int64 first (TIMESTAMP(MILLIS,true));
                      required int32 versions;
                    }
                    """);

    private ParquetTable() {}

    /** A whole file. */
    public static byte[] write(List<FleetRow> rows) {
        MemoryFile file = new MemoryFile();
        try (ParquetWriter<Group> writer =
                ExampleParquetWriter.builder(file).withType(SCHEMA).build()) {
            for (FleetRow row : rows) {
                writer.write(group(row));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return file.bytes.toByteArray();
    }

    private static Group group(FleetRow row) {
        return new SimpleGroup(SCHEMA)
                .append("executable", row.executable())
                .append("arch", row.arch())
                .append("call", row.call())
                .append("number", row.number())
                .append("hosts", row.hosts())
                .append("of", row.of())
                .append("records", row.records())
                .append("first", row.first())
                .append("versions", row.versions());
    }

    /** The table is small, and a file gets it whole or not at all. */
    private static final class MemoryFile implements OutputFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public PositionOutputStream create(long blockSize) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes.size();
                }

                @Override
                public void write(int value) {
                    bytes.write(value);
                }

                @Override
                public void write(byte[] buf, int off, int len) {
                    bytes.write(buf, off, len);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
