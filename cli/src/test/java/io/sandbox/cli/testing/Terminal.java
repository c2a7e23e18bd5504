// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command on a real terminal with a simulated user; see terminal.py. */
public final class Terminal {
    /** A shell with job control, whose prompt is known. */
    private static final List<String> SHELL =
            Words.of("env %s TERM=dumb bash --norc --noprofile -i", "PS1=$ ");

    private Terminal() {}

    /** Takes these steps in a shell, from its first prompt on, and then lets it exit with 7. */
    public static Finished runInShell(String... steps) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("wait $ "));
        all.addAll(List.of(steps));
        all.add("send exit 7\\n");
        return run(all, SHELL).assertStatus(7);
    }

    /**
     * Steps are such as {@code "wait READY"}, {@code "send \\x03"} and {@code "close "}; standard
     * output is what the terminal showed.
     */
    public static Finished run(List<String> steps, List<String> command)
            throws IOException, InterruptedException {
        Path driver = Files.createTempFile("sandbox-it", ".py");
        try (InputStream in = Terminal.class.getResourceAsStream("terminal.py")) {
            Files.write(driver, in.readAllBytes());
            Path python = LiveKernel.requireProgram("python3");
            return Child.of("%s %s %s -- %s", python, driver, steps, command).run();
        } finally {
            Files.delete(driver);
        }
    }
}
