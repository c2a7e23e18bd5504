// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.graph.GraphBuilder;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are damaged, or made to hurt, are refused with a reason. */
class HostileFileTest {
    private final byte[] good = Files.readAllBytes(Path.of("/proc/self/exe"));

    HostileFileTest() throws IOException {}

    /** Reads all of a file, and returns whether it was refused. */
    private static boolean isRefused(byte[] file) {
        try {
            GraphBuilder.build(new ElfFile(file));
            return false;
        } catch (ElfException e) {
            return true;
        }
    }

    /** {@code changes}: bytes that are changed, each as {@code place=value} in hexadecimal. */
    @Table
    void changedHead_isRefusedWithAReason(String changes, String reason) {
        byte[] file = good.clone();
        for (String change : changes.split(" ")) {
            String[] sides = change.split("=");
            file[Integer.parseInt(sides[0], 16)] = (byte) Integer.parseInt(sides[1], 16);
        }
        assertEquals(
                reason, assertThrows(ElfException.class, () -> new ElfFile(file)).getMessage());
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void cutOff_anywhere_isReadOrRefused() {
        assertTrue(!isRefused(good));
        int refused = 0;
        for (int length = 0; length < good.length; length += good.length / 40) {
            refused += isRefused(Arrays.copyOf(good, length)) ? 1 : 0;
        }
        assertTrue(refused > 10, "refused " + refused);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void randomDamage_isReadOrRefused() {
        Random random = new Random(19);
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            byte[] file = good.clone();
            for (int k = 0; k < 4; k++) {
                // Most of what can hurt is in the headers and the tables at the beginning.
                int at = 4 + random.nextInt(k == 0 ? file.length - 4 : 3000);
                file[at] = (byte) random.nextInt(256);
            }
            refused += isRefused(file) ? 1 : 0;
        }
        assertTrue(refused > 10, "refused " + refused);
    }
}
