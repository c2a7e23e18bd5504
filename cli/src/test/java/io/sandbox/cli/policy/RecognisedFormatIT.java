// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text with the line {@code seccomp} is no profile of firejail, which would allow nearly all. */
@MakesRecords
class RecognisedFormatIT {
    private static final int KILLED = 128 + 31; // SIGSYS
    private static final int REFUSED = 125;
    private static final String SNAPD = "read\nseccomp\nsetpriority PRIO_PROCESS 0 >=0\n";
    private static final String KAFEL = "ALLOW { read,\n seccomp\n }\n";

    @TempDir private Path folder;

    private Finished run(String line) throws Exception {
        return Child.of(line).in(folder).run();
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
    void sandboxify_listWithSeccomp_refusesTheOthers(String policy, int status) throws Exception {
        LiveKernel.requireRoot();
        write(policy);
        Finished run = run("sandboxify --policy policy mkdir made").assertStatus(status);
        assertFalse(Files.exists(folder.resolve("made")), run::toString);
    }

    /** The list and its translation to kafel have the same new calls. */
    @Test
    void check_listWithSeccomp_findsAllNewCalls() throws Exception {
        LiveKernel.requireRoot();
        run("sandbox-learn -q -o list --recording r.json mkdir made").assertStatus(0);
        write("read\nseccomp\n");
        Finished list =
                run("sandbox-check --policy policy --evidence r.json")
                        .assertStatus(1)
                        .assertOut("mkdir");
        write(KAFEL);
        Finished kafel = run("sandbox-check --policy policy --evidence r.json").assertStatus(1);
        assertEquals(list.out(), kafel.out().replace("(kill_thread)", "(kill)"));
        write(SNAPD);
        run("sandbox-check --policy policy --evidence r.json")
                .assertStatus(2)
                .assertErr("template or profile of snapd");
    }

    /** Each command that reads a policy takes the word of the user for an ambiguous one. */
    @Table
    void fromFormat_decides(String command, String words) throws Exception {
        write("seccomp\n");
        run(command + " " + words)
                .assertStatus(2)
                .assertErr("may be of the formats list and firejail");
        String given = command + " --from-format %s " + words;
        run(given.formatted("list")).assertStatus(0);
        run(given.formatted("kafel")).assertStatus(2);
        run(given.formatted("nonsense")).assertErr("nonsense: unknown format").assertStatus(2);
    }

    @Test
    void sandboxify_fromFormat_decides() throws Exception {
        write("seccomp\n");
        run("sandboxify --policy policy --from-format list mkdir made").assertStatus(KILLED);
        assertFalse(Files.exists(folder.resolve("made")));
        write("SECCOMP_SYSCALL_ALLOW=read\n");
        run("sandboxify --policy policy --from-format list mkdir made").assertStatus(REFUSED);
        run("sandboxify --from-format list --allow read true").assertStatus(REFUSED);
    }
}
