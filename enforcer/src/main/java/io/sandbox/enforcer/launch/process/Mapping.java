// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A mapping of a process's memory, from a line of /proc/PID/maps (proc(5)): {@code START-END
 * PERMISSIONS OFFSET DEVICE INODE PATH}, numbers in hex. The path may hold blanks.
 *
 * @param start unsigned
 * @param end the address after the last byte, unsigned
 * @param permissions such as {@code r-xp}
 * @param offset where in the file it starts
 * @param file device and inode
 * @param path empty for memory without a name
 */
public record Mapping(
        long start, long end, String permissions, long offset, String file, String path) {
    private static final int NAMED_FIELDS = 6;
    private static final int FIELDS = 5;

    /** {@code maps}: the text of the file; for a thread that has been killed it is empty. */
    public static Stream<Mapping> parse(String maps) {
        // A path may contain other ends of lines than this one, which the kernel escapes.
        return Arrays.stream(maps.split("\n")).map(Mapping::parseLine).flatMap(Optional::stream);
    }

    private static Optional<Mapping> parseLine(String line) {
        String[] fields = line.split(" +", NAMED_FIELDS);
        int dash = fields[0].indexOf('-');
        if (fields.length < FIELDS || dash < 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Mapping(
                        Long.parseUnsignedLong(fields[0], 0, dash, 16),
                        Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16),
                        fields[1],
                        Long.parseUnsignedLong(fields[2], 16),
                        fields[3] + " " + fields[4],
                        fields.length == NAMED_FIELDS ? fields[5] : ""));
    }

    /** {@code address} is unsigned. */
    public boolean contains(long address) {
        return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
    }

    /** Whether it maps a file, and not memory that the kernel has given a name. */
    public boolean isFile() {
        return path.startsWith("/");
    }
}
