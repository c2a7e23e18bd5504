// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * Arithmetic on eight bytes at once, with the first byte in the lowest bits, as from {@link
 * AsciiBytes#load8}.
 *
 * <p>Approach: each test sets the high bit of the bytes that it finds. An addition or subtraction
 * can carry into the next byte only from a byte that was found, so the lowest set bit is always
 * right. Only this bit is used.
 */
final class EightBytes {

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x80 * ONES;

    /**
     * Index of the lowest byte with its high bit set; 8 if there is none. All other bits must be
     * clear. Does not use {@code Long.numberOfTrailingZeros}, fast only when compiled by C2.
     */
    static int first(long found) {
        return (int) (((found - 1 & ~found & HIGH) >>> 7) * ONES >>> 56);
    }

    /** How many of the first bytes differ from {@code b}, 8 if all. */
    static int runWithout(long word, byte b) {
        long x = word ^ (b & 0xff) * ONES;
        return first((x - ONES) & ~x & HIGH);
    }

    /** How many of the first bytes are printable and neither a blank nor a quote, 8 if all. */
    static int quotableRun(long word) {
        long quote = word ^ '"' * ONES;
        long found = (quote - ONES) & ~quote | (word - 0x21 * ONES) & ~word | word + ONES | word;
        return first(found & HIGH);
    }

    /** How many of the first bytes are no quote, backslash or control byte, 8 if all. */
    static int jsonRun(long word) {
        long quote = word ^ '"' * ONES;
        long escape = word ^ '\\' * ONES;
        long found =
                (quote - ONES) & ~quote | (escape - ONES) & ~escape | (word - ' ' * ONES) & ~word;
        return first(found & HIGH);
    }

    /** How many of the first bytes are decimal digits, 8 if all. */
    static int decimalRun(long word) {
        long x = word ^ '0' * ONES;
        return first((x + 0x76 * ONES | x) & HIGH);
    }

    /** How many of the first bytes are upper-case letters or underscores, 8 if all. */
    static int nameRun(long word) {
        long letter = word ^ '@' * ONES; // A to Z are 1 to 26
        long noLetter = letter + 0x65 * ONES | ~(letter + 0x7f * ONES) | letter;
        long underscore = word ^ '_' * ONES;
        return first(noLetter & (underscore + 0x7f * ONES | underscore) & HIGH);
    }

    /** The number in the first 1 to 8 bytes, which are digits. */
    static long decimal(long word, int length) {
        return ofDigits((word ^ '0' * ONES) << 64 - 8 * length);
    }

    // Split into methods that are small enough to be inlined.

    private static long ofDigits(long digits) {
        return ofPairs(digits * 10 + (digits >>> 8));
    }

    private static long ofPairs(long pairs) {
        return ((pairs & 0x000000FF_000000FFL) * 0x000F4240_00000064L
                        + (pairs >>> 16 & 0x000000FF_000000FFL) * 0x00002710_00000001L)
                >>> 32;
    }

    /** How many of the first bytes are lower-case hex digits, 8 if all. */
    static int hexRun(long word) {
        long digit = word ^ '0' * ONES;
        return first((digit + 0x76 * ONES | digit) & noHexLetter(word ^ '`' * ONES) & HIGH);
    }

    /** Sets the high bit of each byte outside 1 to 6, which stand for a to f. */
    private static long noHexLetter(long letter) {
        return letter + 0x79 * ONES | ~(letter + 0x7f * ONES) | letter;
    }

    /** The number in the first 1 to 8 bytes, which are lower-case hex digits. */
    static long hex(long word, int length) {
        return ofNibbles((word & 0x0f * ONES) + (word >>> 6 & ONES) * 9 << 64 - 8 * length);
    }

    private static long ofNibbles(long nibbles) {
        return ofBytes((nibbles << 4 | nibbles >>> 8) & 0x00FF00FF_00FF00FFL);
    }

    private static long ofBytes(long bytes) {
        long shorts = (bytes << 8 | bytes >>> 16) & 0x0000FFFF_0000FFFFL;
        return (shorts << 16 | shorts >>> 32) & 0xFFFFFFFFL;
    }
}
