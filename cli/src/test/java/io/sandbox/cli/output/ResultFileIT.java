// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root writes results into a folder of the user nobody, who replaces files there by links to a file
 * of root's. A try may fail, but that file must stay unchanged. The transcript results.txt has the
 * same with each command that writes a result, and few tries.
 */
class ResultFileIT {
    /** A defect shows in at least some of them. */
    private static final int TRIES = 500;

    private static final int NOBODY = 65534;
    private static final String NOBODYS =
            "%s --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all";
    private static final String SECRET = "write\nexit_group\n";

    @TempDir private Path folder;

    @Table
    void replacing_swappedForALink_leadsNowhere(String what) throws Exception {
        LiveKernel.requireRootUser();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path swapper = CProgram.compile("file-swapper", folder);
        Path secret = Files.createDirectory(folder.resolve("root")).resolve("secret");
        Files.writeString(secret, SECRET);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.setAttribute(Files.createDirectory(foreign.resolve("d")), "unix:uid", NOBODY);
        Files.setAttribute(foreign, "unix:uid", NOBODY);
        Path file = foreign.resolve(what.equals("folder") ? "d/secret" : "out");
        try (Child.Running running =
                Child.of(
                                NOBODYS + " %s %s %s",
                                LiveKernel.requireProgram("setpriv"),
                                swapper,
                                what,
                                secret)
                        .in(foreign)
                        .start()) {
            for (int i = 0; i < TRIES; i++) {
                try (ResultFile result = ResultFile.open(file)) {
                    result.write("swapped\n".getBytes(ISO_8859_1));
                } catch (IOException e) {
                    // The file must stay as it is then, too.
                }
                assertEquals(0, Files.getAttribute(secret, "unix:uid"));
                assertEquals(0100600, Files.getAttribute(secret, "unix:mode"));
                assertEquals(SECRET, Files.readString(secret, ISO_8859_1));
                assertEquals(1, secret.getParent().toFile().list().length);
            }
            Files.writeString(foreign.resolve("stop"), "");
            assertTrue(running.await().out().contains("swapped"), "nothing was tried");
        }
    }
}
