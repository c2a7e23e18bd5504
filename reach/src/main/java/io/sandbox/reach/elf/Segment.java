// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

/**
 * A part of the file that is mapped to memory (PT_LOAD).
 *
 * @param memorySize how much memory it takes; what the file does not have is zero
 */
public record Segment(
        long address, long memorySize, long offset, long fileSize, boolean executable) {
    boolean contains(long wanted) {
        return wanted >= address && wanted - address < memorySize;
    }

    boolean hasBytesAt(long wanted) {
        return wanted >= address && wanted - address < fileSize;
    }
}
