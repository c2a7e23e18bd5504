// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text with the line {@code seccomp} is no profile of firejail, which would allow nearly all. */
class RecognisedFormatIT {
    private static final int KILLED = 128 + 31; // SIGSYS
    private static final int REFUSED = 125;
    private static final String SNAPD = "read\nseccomp\nsetpriority PRIO_PROCESS 0 >=0\n";
    private static final String KAFEL = "ALLOW { read,\n seccomp\n }\n";

    @TempDir private Path folder;

    private Finished run(String command, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Dist.command(command).toString()));
        all.addAll(List.of(words));
        return Child.of(all).in(folder).run();
    }

    private void write(String text) throws IOException {
        Files.write(folder.resolve("policy"), text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "'read\nseccomp\n'," + KILLED,
        "'" + KAFEL + "'," + KILLED,
        "'read\nwrite one\nseccomp\n'," + REFUSED,
        "'" + SNAPD + "'," + REFUSED,
        "'seccomp\n'," + REFUSED,
    })
    void sandboxify_listWithSeccomp_refusesTheOthers(String policy, int status)
            throws IOException, InterruptedException {
        LiveKernel.requireRoot();
        write(policy);
        Finished run = run("sandboxify", "--policy", "policy", "mkdir", "made");
        assertEquals(status, run.status(), run::toString);
        assertFalse(Files.exists(folder.resolve("made")), run::toString);
    }

    /** The list and its translation to kafel have the same new calls. */
    @Test
    void check_listWithSeccomp_findsAllNewCalls() throws IOException, InterruptedException {
        LiveKernel.requireRoot();
        Finished recorded =
                run("sandbox-learn", "-q", "-o", "list", "--recording", "r.json", "mkdir", "made");
        assertEquals(0, recorded.status(), recorded::toString);
        write("read\nseccomp\n");
        Finished list = run("sandbox-check", "--policy", "policy", "--evidence", "r.json");
        assertEquals(1, list.status(), list::toString);
        assertTrue(list.out().contains("mkdir"), list::toString);
        write(KAFEL);
        Finished kafel = run("sandbox-check", "--policy", "policy", "--evidence", "r.json");
        assertEquals(1, kafel.status(), kafel::toString);
        assertEquals(list.out(), kafel.out().replace("(kill_thread)", "(kill)"));
        write(SNAPD);
        Finished snapd = run("sandbox-check", "--policy", "policy", "--evidence", "r.json");
        assertEquals(2, snapd.status(), snapd::toString);
        assertTrue(snapd.err().contains("template or profile of snapd"), snapd::toString);
    }

    /** Each command that reads a policy takes the word of the user for an ambiguous one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sandbox-policy|show policy",
                "sandbox-policy|convert policy --to json",
                "sandbox-policy|merge policy policy --to json",
                "sandbox-policy|diff policy policy",
                "sandbox-reach|--policy policy /bin/true",
            })
    void fromFormat_decides(String command, String words) throws IOException, InterruptedException {
        write("seccomp\n");
        Finished unclear = run(command, words.split(" "));
        assertEquals(2, unclear.status(), unclear::toString);
        assertTrue(
                unclear.err().contains("may be of the formats list and firejail"),
                unclear::toString);
        List<String> given = new ArrayList<>(List.of(words.split(" ")));
        int options = command.equals("sandbox-policy") ? 1 : 0; // behind the verb
        given.addAll(options, List.of("--from-format", "list"));
        Finished clear = run(command, given.toArray(String[]::new));
        assertEquals(0, clear.status(), clear::toString);
        given.set(options + 1, "kafel");
        Finished wrong = run(command, given.toArray(String[]::new));
        assertEquals(2, wrong.status(), wrong::toString);
        given.set(options + 1, "nonsense");
        Finished unknown = run(command, given.toArray(String[]::new));
        assertTrue(unknown.err().contains("nonsense: unknown format"), unknown::toString);
        assertEquals(2, unknown.status(), unknown::toString);
    }

    @Test
    void sandboxify_fromFormat_decides() throws IOException, InterruptedException {
        write("seccomp\n");
        Finished list =
                run("sandboxify", "--policy", "policy", "--from-format", "list", "mkdir", "made");
        assertEquals(KILLED, list.status(), list::toString);
        assertFalse(Files.exists(folder.resolve("made")));
        write("SECCOMP_SYSCALL_ALLOW=read\n");
        Finished wrong =
                run("sandboxify", "--policy", "policy", "--from-format", "list", "mkdir", "made");
        assertEquals(REFUSED, wrong.status(), wrong::toString);
        Finished alone = run("sandboxify", "--from-format", "list", "--allow", "read", "true");
        assertEquals(REFUSED, alone.status(), alone::toString);
    }
}
