// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code sandboxify} on the real kernel, with lists of sandbox-learn. */
@MakesRecords
class SandboxifyIT {
    private static final int KILLED = 128 + 31;

    @TempDir private Path folder;

    private static Child sandboxify(String line, Object... values) {
        return Child.of("sandboxify " + line, values);
    }

    private String learn(String from, List<String> program) throws Exception {
        Path list = folder.resolve("list.env");
        Child.of("sandbox learn -q --from %s --to envfile -o %s %s", from, list, program)
                .run()
                .assertStatus(0);
        return Files.readString(list).strip().split("=", 2)[1];
    }

    @Table
    void learnedList_isEnoughAndEachEntryIsNeeded(String from, String compiler, String option)
            throws Exception {
        LiveKernel.requireRoot();
        Path program = CProgram.compileWith(compiler, "marker", folder, option);
        Path marker = folder.resolve("made");
        List<String> command = List.of(program.toString(), marker.toString());
        String list = learn(from, command);
        Files.delete(marker);

        Finished run =
                sandboxify("-q --allow %s --from %s %s %s", list, from, program, marker)
                        .run()
                        .assertStatus(0);
        assertTrue(Files.exists(marker));
        Arch arch =
                SyscallDb.get().archByName(option.equals("-m32") ? "i386" : "x86_64").orElseThrow();
        for (String entry : list.split(":")) {
            String others = list.replaceFirst("(?<=^|:)" + Pattern.quote(entry) + "(:|$)", "");
            Files.deleteIfExists(marker);
            Child less =
                    from.equals("exec")
                            ? Child.of("sandbox-exec %s %s", compile(others, arch), command)
                            : sandboxify("-q --allow %s --from %s %s", others, from, command);
            Finished killed = less.run();
            assertEquals(KILLED, killed.status(), () -> "without " + entry + ": " + killed);
        }
        assertFalse(list.contains("execve"));
    }

    /** As sandboxify does, but a start of Java for each entry would take minutes. */
    private Path compile(String list, Arch arch) throws Exception {
        byte[] policy = ("SECCOMP_SYSCALL_ALLOW=" + list + "\n").getBytes(US_ASCII);
        PolicyDocument document = PolicyFormat.ENVFILE.read(policy).document();
        return Files.write(
                folder.resolve("filter.bpf"),
                new FilterCompiler().compile(document, arch.name(), arch).toBytes());
    }
}
