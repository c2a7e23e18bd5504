// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
            List.of("env", "PS1=$ ", "TERM=dumb", "bash", "--norc", "--noprofile", "-i");

    private Terminal() {}

    /** Takes these steps in a shell, from its first prompt on, and then lets it exit with 7. */
    public static Finished runInShell(String... steps) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("wait", "$ "));
        all.addAll(List.of(steps));
        all.addAll(List.of("send", "exit 7\\n"));
        Finished run = run(all, SHELL);
        assertEquals(7, run.status(), run::toString);
        return run;
    }

    /**
     * Steps are such as {@code "wait", "READY", "send", "\\x03"}; standard output is what the
     * terminal showed.
     */
    public static Finished run(List<String> steps, List<String> command)
            throws IOException, InterruptedException {
        Path driver = Files.createTempFile("sandbox-it", ".py");
        try (InputStream in = Terminal.class.getResourceAsStream("terminal.py")) {
            Files.write(driver, in.readAllBytes());
            List<String> words = new ArrayList<>();
            words.add(LiveKernel.requireProgram("python3").toString());
            words.add(driver.toString());
            words.addAll(steps);
            words.add("--");
            words.addAll(command);
            return Child.of(words).run();
        } finally {
            Files.delete(driver);
        }
    }
}
