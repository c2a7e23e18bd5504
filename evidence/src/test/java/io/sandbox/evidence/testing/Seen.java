// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.testing;

import io.sandbox.evidence.Sighting;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** A call that a test has a program make. */
public record Seen(String exe, int arch, int number, long timeMillis, long... registers)
        implements Sighting {
    @Override
    public int pid() {
        return 1;
    }

    @Override
    public long instructionPointer() {
        return 0;
    }

    @Override
    public boolean isOfExecutable(byte[] key) {
        return Arrays.equals(key, executableKey());
    }

    @Override
    public byte[] executableKey() {
        return exe.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<String> executable() {
        return Optional.of(exe);
    }

    @Override
    public OptionalLong argument(int index) {
        return index < registers.length ? OptionalLong.of(registers[index]) : OptionalLong.empty();
    }
}
