// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How often calls were recorded, and when first. It is for the numbers that nearly all calls have,
 * and it grows with the calls: of a fleet, each program of each host has a table. For one thread.
 */
final class CallTable implements Serializable {
    private static final long serialVersionUID = 1L;

    /** All numbers are smaller. */
    static final int LIMIT = 512;

    private static final int FIRST_SIZE = 16;

    /**
     * A hash table with as many places for calls as half its length. Of the call at place p, the
     * count and the number are at 2p (0: none), and the time of its earliest record after it, in
     * the same line of the processor's cache. A call that does not find its place free takes the
     * next one; with LIMIT places, each number has its own.
     */
    private long[] calls = new long[2 * FIRST_SIZE];

    private int used;

    /** Adds records of a call, and returns whether it was in the table before. */
    boolean add(int number, long count, long first) {
        int place = place(number);
        boolean known = calls[place] != 0;
        if (!known) {
            if (4 * used >= calls.length && calls.length < 2 * LIMIT) {
                grow();
                place = place(number);
            }
            used++;
            calls[place] = number;
            calls[place + 1] = Long.MAX_VALUE;
        }
        calls[place] += count * LIMIT;
        if (first < calls[place + 1]) {
            calls[place + 1] = first;
        }
        return known;
    }

    /** Where a call is, or where it would be. */
    private int place(int number) {
        int place = 2 * number & calls.length - 1;
        while (calls[place] != 0 && (calls[place] & LIMIT - 1) != number) {
            place = place + 2 & calls.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] before = calls;
        calls = new long[2 * before.length];
        for (int i = 0; i < before.length; i += 2) {
            if (before[i] != 0) {
                int place = place((int) before[i] & LIMIT - 1);
                calls[place] = before[i];
                calls[place + 1] = before[i + 1];
            }
        }
    }

    /** Ascending. */
    int[] numbers() {
        int[] numbers = new int[used];
        int length = 0;
        for (int i = 0; i < calls.length; i += 2) {
            if (calls[i] != 0) {
                numbers[length++] = (int) calls[i] & LIMIT - 1;
            }
        }
        Arrays.sort(numbers);
        return numbers;
    }

    CallCount call(int number) {
        int place = place(number);
        return new CallCount(calls[place] / LIMIT, calls[place + 1]);
    }
}
