// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a file, to which the lines belong that begin in it.
 *
 * @param file the name to show
 * @param named how much of it the user has named: all, or the folder in which it was found
 * @param place where the file is, for whoever opens it
 * @param from the first byte of the part
 * @param to the position after its last byte; {@link Long#MAX_VALUE} for the end of the file
 */
public record FilePart(String file, int named, String place, long from, long to)
        implements Serializable {
    /**
     * The parts that cover a file.
     *
     * @param named how much of its name the user has named
     * @param size how large the file seems to be
     * @param piece how large a part may be
     */
    public static List<FilePart> of(String file, int named, String place, long size, long piece) {
        List<FilePart> parts = new ArrayList<>();
        long from = 0;
        for (; size - from > piece; from += piece) {
            parts.add(new FilePart(file, named, place, from, from + piece));
        }
        parts.add(new FilePart(file, named, place, from, Long.MAX_VALUE));
        return parts;
    }

    /** Whether the file was found in a folder, where somebody else may have put it. */
    boolean wasFound() {
        return named < file.length();
    }

    /** Whether it is all of the file. */
    public boolean isWhole() {
        return from == 0 && to == Long.MAX_VALUE;
    }
}
