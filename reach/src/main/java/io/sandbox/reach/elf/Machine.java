// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

/** The machines whose code we read. */
public enum Machine {
    X86_64(62, "x86_64"),
    AARCH64(183, "aarch64");

    private static final int CLASS_64 = 2;

    private final int number;
    private final String word;

    Machine(int number, String word) {
        this.number = number;
        this.word = word;
    }

    static Machine of(int number, int elfClass) {
        for (Machine each : values()) {
            if (each.number == number && elfClass == CLASS_64) {
                return each;
            }
        }
        throw new ElfException(
                "made for " + name(number, elfClass) + ": only x86_64 and aarch64 can be answered");
    }

    /** The names of arches.csv, for the machines that one meets. */
    private static String name(int number, int elfClass) {
        boolean wide = elfClass == CLASS_64;
        return switch (number) {
            case 3 -> "i386";
            case 8 -> wide ? "mips64" : "mips";
            case 21 -> "ppc64";
            case 22 -> "s390x";
            case 40 -> "arm";
            case 62 -> "x32";
            case 243 -> wide ? "riscv64" : "riscv32";
            case 258 -> "loongarch64";
            default -> "machine " + number;
        };
    }

    /** Whether a file that begins with these bytes is for a machine. */
    public static boolean isOf(byte[] start, Machine machine) {
        return start.length >= 20
                && start[0] == 0x7f
                && start[1] == 'E'
                && start[2] == 'L'
                && start[3] == 'F'
                && start[4] == CLASS_64
                && (start[18] & 0xff | (start[19] & 0xff) << 8) == machine.number;
    }

    /** The name in the tables of system calls. */
    public String word() {
        return word;
    }
}
