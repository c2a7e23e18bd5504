// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.nio.file.Path;
import java.util.List;

/** The program of calls.c, which makes the calls that it is told to, at once or when it may. */
public final class CallsProgram {
    private final Path folder;
    private final Path program;

    private CallsProgram(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    public static CallsProgram in(Path folder) throws Exception {
        return new CallsProgram(folder, CProgram.compile("calls", folder, "-pthread"));
    }

    public Path file() {
        return program;
    }

    /** Makes these calls at once. The modes are plain, thread and rename. */
    public List<String> atOnce(String mode, String... names) {
        return Words.of("%s %s - - %s", program, mode, numbers(names));
    }

    /** The program makes the file NAME.ready when it runs, and waits for the file NAME.go. */
    public List<String> onGo(String file, String... names) {
        return Words.of("%s plain %s %s %s", program, ready(file), go(file), numbers(names));
    }

    private static List<String> numbers(String... names) {
        return List.of(names).stream()
                .map(name -> Integer.toString(SyscallNames.number(name)))
                .toList();
    }

    public Path ready(String file) {
        return folder.resolve(file + ".ready");
    }

    public Path go(String file) {
        return folder.resolve(file + ".go");
    }
}
