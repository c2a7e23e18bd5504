// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Until;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Root writes results into a folder of the user nobody, who replaces files there by links to a file
 * of root's. A try may fail, but that file must stay unchanged.
 */
@MakesRecords
class ResultFileIT {
    /** Tries for each option and each way to replace. A defect shows in at least some of them. */
    private static final int TRIES = Integer.getInteger("sandbox.tries", 3);

    /** Tries for what all options have in common. */
    private static final int QUICK_TRIES = 500;

    private static final int NOBODY = 65534;
    private static final String SECRET = "write\nexit_group\n";

    /** A log for sandbox-log without records and without a message. */
    private static final String LOG = "/dev/null";

    /** FILE is the result in the attacker's folder. */
    private static final Map<String, String> COMMANDS =
            Map.of(
                    "learn-output", "sandbox-learn -q -o FILE /bin/true",
                    "learn-recording", "sandbox-learn -q --recording FILE /bin/true",
                    "log-recording", "sandbox-log --recording FILE LOG",
                    "check-output", "sandbox-check --policy POLICY -o FILE -- /bin/true",
                    "check-report", "sandbox-check --policy POLICY --report json=FILE -- /bin/true",
                    "check-update", "sandbox-check --policy FILE --update -- /bin/true",
                    "policy-output", "sandbox-policy convert POLICY --to list -o FILE",
                    "compile", "sandboxify --allow write --quiet --compile FILE");

    private Path folder;
    private Path foreign;
    private Path secret;
    private Path policy;

    @BeforeEach
    void makeFolders() throws Exception {
        LiveKernel.requireRoot();
        folder = Files.createTempDirectory("sandbox-it");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        CProgram.compile("file-swapper", folder);
        secret = Files.createDirectory(folder.resolve("root")).resolve("secret");
        Files.writeString(secret, SECRET);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        foreign = Files.createDirectory(folder.resolve("foreign"));
        Path below = Files.createDirectory(foreign.resolve("d"));
        Files.setAttribute(below, "unix:uid", NOBODY);
        Files.setAttribute(foreign, "unix:uid", NOBODY);
        policy = Files.writeString(folder.resolve("policy"), "write\n");
    }

    @AfterEach
    void removeFolders() throws IOException {
        if (folder == null) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException e)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Table
    void asRoot_swappedForALink_leadsNowhere(String command, String what) throws Exception {
        String file = fileFor(what);
        whileSwapped(what, TRIES, () -> run(COMMANDS.get(command), file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"temporary", "file", "folder"})
    void replacing_swappedForALink_leadsNowhere(String what) throws Exception {
        Path file = foreign.resolve(fileFor(what));
        whileSwapped(
                what,
                QUICK_TRIES,
                () -> {
                    try (ResultFile result = ResultFile.open(file)) {
                        result.write("swapped\n".getBytes(ISO_8859_1));
                    } catch (IOException e) {
                        return false;
                    }
                    return true;
                });
    }

    private static String fileFor(String what) {
        return what.equals("folder") ? "d/secret" : "out";
    }

    private void whileSwapped(String what, int tries, Callable<?> write) throws Exception {
        List<String> swapper = new ArrayList<>(Learn.nobody());
        swapper.addAll(List.of(folder.resolve("file-swapper").toString(), what, secret.toString()));
        try (Child.Running running = Child.of(swapper).in(foreign).start()) {
            for (int i = 0; i < tries; i++) {
                write.call();
                assertSecretIsUntouched(i);
            }
            Files.writeString(foreign.resolve("stop"), "");
            Finished swapped = running.await();
            assertTrue(swapped.out().contains("swapped"), "nothing was tried");
        }
    }

    private Finished run(String command, String file) throws Exception {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" ")) {
            words.add(
                    word.replace("FILE", file)
                            .replace("POLICY", policy.toString())
                            .replace("LOG", LOG));
        }
        words.set(0, Dist.command(words.get(0)).toString());
        return Child.of(words).in(foreign).run();
    }

    private void assertSecretIsUntouched(int attempt) throws IOException {
        String which = "in try " + attempt;
        assertEquals(0, Files.getAttribute(secret, "unix:uid"), which);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)),
                which);
        assertEquals(SECRET, Files.readString(secret, ISO_8859_1), which);
        assertEquals(List.of("secret"), names(secret.getParent()), which);
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void diskFull_leavesTheOldFileAndNothingElse() throws Exception {
        LiveKernel.requireProgram("unshare");
        String script =
                "mount -t tmpfs -o size=8k x d && echo old >d/out && cat /proc/self/maps >d/rest;"
                    + " sandbox-policy convert ../policy --to json -o d/out; ls -A d; cat d/out";
        Child.of("unshare -m sh -c %s", script)
                .with("PATH", Dist.learn().getParent() + ":" + System.getenv("PATH"))
                .in(foreign)
                .run()
                .assertOutIs("out\nrest\nold\n")
                .assertErr(
                        "sandbox policy: d/out: cannot write the result: No space left on"
                                + " device\n");
    }

    @Test
    void fileOfAnotherUser_whoCannotBeKeptAsOwner_isAsItWas() throws Exception {
        Path file = Files.writeString(foreign.resolve("out"), "old");
        Child.of("%s sandbox-policy convert %s --to env -o out", Learn.nobody(), policy)
                .in(foreign)
                .run()
                .assertRefusedBy(
                        "sandbox policy",
                        2,
                        "out: cannot write the result: Operation not permitted");
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("d", "out"), names(foreign));
    }

    /** The signal goes to the process that the user started, or first to the one with the file. */
    @ParameterizedTest
    @CsvSource({"TERM, false", "TERM, true", "HUP, true", "INT, true"})
    void signal_leavesNothingUnfinished(String signal, boolean toJava) throws Exception {
        Path ready = folder.resolve("ready");
        String program = "echo >" + ready + "; exec sleep 50";
        Child learn = Learn.command("-q -o out sh -c %s", program).in(foreign);
        try (Child.Running running = learn.start()) {
            Until.exists(ready);
            assertEquals(1, temporaries().size(), "while it runs");
            if (toJava) {
                // Java leaves these signals to sandbox-exec while a program runs.
                kill(signal, running.java());
                assertEquals(1, temporaries().size(), "after a signal to Java");
            }
            kill("TERM", running.handle());
            running.await();
            assertEquals(List.of(), temporaries());
            assertTrue(Files.exists(foreign.resolve("out")));
        }
    }

    private static void kill(String signal, ProcessHandle process) throws Exception {
        Child.of("kill %s %s", "-" + signal, Long.toString(process.pid())).run();
    }

    private List<String> temporaries() throws IOException {
        List<String> all = names(foreign);
        assertFalse(all.isEmpty());
        return all.stream().filter(name -> name.startsWith(".")).toList();
    }
}
