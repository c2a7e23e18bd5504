// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What strace sees of a container: a runtime that traces it, and what the trace says. */
public final class ContainerTrace {
    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\(.*");

    /** If a thread that is not the first one executes a program, the first one ends the call. */
    private static final Pattern EXECUTED = Pattern.compile("(<\\.\\.\\. )?execve(at)?\\b.* = 0");

    private final Path runtime;
    private final Path trace;

    private ContainerTrace(Path runtime, Path trace) {
        this.runtime = runtime;
        this.trace = trace;
    }

    /** Makes the files in the folder, in the place of earlier ones. */
    public static ContainerTrace in(Path folder, Path program) throws IOException {
        Path traced = Files.createDirectories(folder.resolve("traced"));
        Path trace = traced.resolve("trace");
        Path runtime = traced.resolve(program.getFileName());
        // Nobody waits for strace: it traces the container after the runtime has ended.
        Files.writeString(
                runtime,
                "#!/bin/sh\n"
                        + "case \" $* \" in *\" create \"*)\n"
                        + " exec strace -DDD -f -qq -e signal=none -o "
                        + traced.resolve("fifo")
                        + " "
                        + program
                        + " \"$@\" ;;\nesac\nexec "
                        + program
                        + " \"$@\"\n");
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ContainerTrace(runtime, trace);
    }

    public Path runtime() {
        return runtime;
    }

    /** A command that runs this one, and ends once the trace has ended too. */
    public List<String> command(List<String> words) {
        String script =
                "rm -f \"$1/fifo\"; mkfifo \"$1/fifo\"; timeout 60 cat \"$1/fifo\" >\"$1/trace\" &"
                        + " folder=$1; shift; \"$@\"; status=$?; wait; exit $status";
        List<String> all = Words.of("sh -c %s sh %s %s", script, runtime.getParent(), words);
        return all;
    }

    /**
     * The calls of the process that executes the program, and of all its descendants. The runtime
     * has left the container before, so whoever appears in the trace after that is the container's.
     */
    public Set<String> calls(String program) throws IOException {
        Set<String> strangers = new HashSet<>();
        Set<String> calls = new TreeSet<>();
        boolean asked = false;
        boolean begun = false;
        for (String line : Files.readAllLines(trace, ISO_8859_1)) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            String pid = parts.group(1);
            String event = parts.group(2);
            Matcher call = CALL.matcher(event);
            if (!begun) {
                asked |= event.startsWith("execve") && event.contains('"' + program + '"');
                begun = asked && EXECUTED.matcher(event).matches();
                strangers.add(pid);
                if (begun) {
                    strangers.remove(pid);
                }
            } else if (!strangers.contains(pid) && call.matches()) {
                calls.add(call.group(1));
            }
        }
        boolean found = begun;
        assertTrue(found, () -> trace + ": " + program + " was not executed");
        return calls;
    }
}
