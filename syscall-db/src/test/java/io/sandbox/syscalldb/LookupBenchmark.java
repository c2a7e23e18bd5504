// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.Arrays;
import java.util.List;

/**
 * Measures reading a table in a fresh JVM, and a look-up in it. scripts/bench/syscall-lookup runs
 * it in a new JVM for each reading.
 */
final class LookupBenchmark {
    private static final int ROUNDS = 15;
    private static final int LOOKUPS = 2_000_000;

    private LookupBenchmark() {}

    /**
     * {@code load}: ms of each first reading; {@code lookup}: ns of a look-up, median of rounds.
     */
    public static void main(String[] arguments) {
        if (arguments[0].equals("load")) {
            load();
        } else {
            lookUp();
        }
    }

    private static void load() {
        long start = System.nanoTime();
        SyscallDb db = SyscallDb.get();
        long arches = System.nanoTime();
        SyscallTable table = db.table(db.arches().get(0));
        long first = System.nanoTime();
        int second = db.table(db.archByName("aarch64").orElseThrow()).all().size();
        long another = System.nanoTime();
        require(db.facts("openat").isPresent() && table.all().size() > 370 && second > 300);
        long facts = System.nanoTime();
        System.out.printf(
                "%.2f %.2f %.2f %.2f%n",
                (arches - start) / 1e6,
                (first - arches) / 1e6,
                (another - first) / 1e6,
                (facts - another) / 1e6);
    }

    private static void lookUp() {
        SyscallDb db = SyscallDb.get();
        SyscallTable table = db.table(db.archByName("x86_64").orElseThrow());
        List<String> names = table.all().stream().map(Syscall::name).toList();
        int[] numbers = table.all().stream().mapToInt(Syscall::number).toArray();
        double[] byNumber = new double[ROUNDS];
        double[] byName = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long sum = 0;
            long start = System.nanoTime();
            for (int i = 0; i < LOOKUPS; i++) {
                sum += table.byNumber(numbers[i % numbers.length]).get().number();
            }
            long middle = System.nanoTime();
            for (int i = 0; i < LOOKUPS; i++) {
                sum -= table.byName(names.get(i % numbers.length)).get().number();
            }
            long end = System.nanoTime();
            require(sum == 0); // both gave the same calls
            byNumber[round] = (middle - start) / (double) LOOKUPS;
            byName[round] = (end - middle) / (double) LOOKUPS;
        }
        System.out.printf("by number %.1f ns, by name %.1f ns%n", median(byNumber), median(byName));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void require(boolean right) {
        if (!right) {
            throw new AssertionError("the benchmarked code gives wrong answers");
        }
    }
}
