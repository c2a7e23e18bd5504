// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Words;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the scripts' help, what build does after a build, and install. */
class ScriptsTest {
    @Table
    void script_saysHowItIsUsed_andDoesNothingElse(String name) throws Exception {
        String usage = "\nUsage: scripts/" + name;
        Child.of("%s --help", "../scripts/" + name).run().assertStatus(0).assertOut(usage);

        Child.of("%s --unknown", "../scripts/" + name)
                .run()
                .assertStatus(2)
                .assertNoOut()
                .assertErr(usage);
    }

    /** A built copy is installed on machines without a compiler. */
    @Test
    void build_whatIsBuilt_asksForNoTools(@TempDir Path root) throws Exception {
        Path scripts = Files.createDirectory(root.resolve("scripts"));
        Files.copy(Path.of("../scripts/build"), scripts.resolve("build"));
        Files.copy(Path.of("../scripts/usage"), scripts.resolve("usage"));
        Files.createDirectories(root.resolve("target/dist"));
        Files.createFile(root.resolve("target/dist/complete"));
        Child.of("sh %s", scripts.resolve("build")).run().assertStatus(0);
    }

    @Test
    void uninstall_removesWhatWasInstalled_andNothingElse(@TempDir Path root) throws Exception {
        Path scripts = Files.createDirectory(root.resolve("scripts"));
        Files.copy(Path.of("../scripts/install"), scripts.resolve("install"));
        Files.copy(Path.of("../scripts/usage"), scripts.resolve("usage"));
        Path program = scripts.resolve("build");
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path dist = Files.createDirectories(root.resolve("target/dist"));
        Files.copy(program, dist.resolve("archive-classes"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(program, dist.resolve("sandbox-learn"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(program, dist.resolve("sandboxify"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(dist.resolve("share/man/man1"));
        Files.createFile(dist.resolve("share/man/man1/sandboxify.1"));

        Path prefix = Files.createDirectories(root.resolve("prefix"));
        Files.createDirectories(prefix.resolve("bin"));
        Files.createFile(prefix.resolve("bin/other"));
        Files.createDirectories(prefix.resolve("share/man"));
        Files.createFile(root.resolve("unit"));
        install(scripts, "-D", root.resolve("unit"), prefix.resolve("unit.d/as-by-install(1)"));
        assertTrue(Files.exists(prefix.resolve("unit.d/as-by-install(1)")));
        List<Path> before = files(prefix);
        install(scripts, prefix);
        assertTrue(Files.isExecutable(prefix.resolve("bin/sandboxify")));
        assertTrue(Files.exists(prefix.resolve("share/man/man1/sandboxify.1")));
        install(scripts, prefix);
        Files.delete(prefix.resolve("bin/sandbox-learn"));
        Files.createFile(prefix.resolve("bin/sandbox-learn"));
        Path cache = Files.createDirectories(root.resolve("home/.cache/sandbox/run"));
        install(scripts, "--uninstall", prefix);
        assertFalse(Files.exists(cache.getParent()), "what was kept for the user");

        List<Path> after = new ArrayList<>(files(prefix));
        assertTrue(after.remove(prefix.resolve("bin/sandbox-learn")), "not our link");
        assertEquals(before, after);

        Path made = root.resolve("made");
        install(scripts, made);
        install(scripts, made);
        install(scripts, "--uninstall", made);
        assertFalse(Files.exists(made), "a folder that only we used");
    }

    private static void install(Path scripts, Object... arguments) throws Exception {
        List<String> command = Words.of("sh %s", scripts.resolve("install"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Map<String, String> home =
                Map.of("HOME", scripts.resolveSibling("home").toString(), "XDG_CACHE_HOME", "");
        Child.of(command).with(home).run().assertStatus(0);
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.sorted().toList();
        }
    }
}
