// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts do with arguments that they do not know, and with what is done already. */
class ScriptsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "build",
                "check-style",
                "dependencies",
                "fuzz",
                "install",
                "keep-files",
                "layout",
                "mutation",
                "new-chroot",
                "package",
                "package-check",
                "release",
                "setup",
                "test",
                "update-docs"
            })
    void script_saysHowItIsUsed_andDoesNothingElse(String name) throws Exception {
        String usage = "\nUsage: scripts/" + name;
        Finished help = Child.of("../scripts/" + name, "--help").run();
        assertEquals(0, help.status(), help::toString);
        assertTrue(help.out().contains(usage), help::toString);

        Finished mistake = Child.of("../scripts/" + name, "--unknown").run();
        assertEquals(2, mistake.status(), mistake::toString);
        assertEquals("", mistake.out());
        assertTrue(mistake.err().contains(usage), mistake::toString);
    }

    /** What is built is installed on machines without a compiler. */
    @Test
    void build_whatIsBuilt_asksForNoTools(@TempDir Path root) throws Exception {
        Path scripts = Files.createDirectory(root.resolve("scripts"));
        Files.copy(Path.of("../scripts/build"), scripts.resolve("build"));
        Files.copy(Path.of("../scripts/usage"), scripts.resolve("usage"));
        Files.createDirectories(root.resolve("target/dist"));
        Files.createFile(root.resolve("target/dist/complete"));
        Finished run = Child.of("sh", scripts.resolve("build").toString()).run();
        assertEquals(0, run.status(), run::toString);
    }
}
