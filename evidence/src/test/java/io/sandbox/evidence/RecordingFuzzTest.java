// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.testing.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any recording file is either refused, or read and then written unchanged. */
final class RecordingFuzzTest {
    private static List<byte[]> seeds() {
        Random random = new Random(5);
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            seeds.add(RecordingWriter.write(RandomRecordings.next(random)));
        }
        return seeds;
    }

    @Test
    void read_damaged_isReadOrRefused() {
        Fuzz.run(3000, seeds(), RecordingFuzzTest::readOrRefuse);
    }

    private static void readOrRefuse(byte[] input) {
        Recording recording;
        try {
            recording = RecordingReader.read(input);
        } catch (RecordingFormatException e) {
            assertTrue(e.getMessage().lines().count() == 1, e::getMessage);
            assertTrue(e.getMessage().length() < 1000, e::getMessage);
            return;
        }
        byte[] written = RecordingWriter.write(recording);
        assertEquals(recording, RecordingReader.read(written), () -> new String(written, UTF_8));
    }
}
