// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A kernel setting that a test changes and puts back. */
public record Setting(Path file) {
    public static final Setting PRINTK_LIMIT =
            new Setting(Path.of("/proc/sys/kernel/printk_ratelimit"));
    public static final Setting PRINTK_BURST =
            new Setting(Path.of("/proc/sys/kernel/printk_ratelimit_burst"));
    public static final Setting ACTIONS_LOGGED =
            new Setting(Path.of("/proc/sys/kernel/seccomp/actions_logged"));

    public interface Action {
        void run() throws Exception;
    }

    /**
     * Uses one read(2): the kernel gives a number's text only to the first read, however short, and
     * Files.readString begins with one byte.
     */
    public String value() throws IOException {
        byte[] text = new byte[256];
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(text, 0, in.read(text), StandardCharsets.US_ASCII).strip();
        }
    }

    public void set(String value) throws IOException {
        Files.writeString(file, value + "\n");
    }

    /** Runs {@code action} with this value, and always restores the old one. */
    public void during(String value, Action action) throws Exception {
        String before = value();
        set(value);
        try {
            action.run();
        } finally {
            set(before);
        }
    }
}
