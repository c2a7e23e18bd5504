// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that records give to executables which the user names by paths of this machine. The
 * kernel writes the file that it executes: not a link to it, and for a script the interpreter. A
 * path that is in no record would look as if the program made no new call.
 */
public final class RecordedNames {
    /** The kernel reads no more of a script (BINPRM_BUF_SIZE). */
    private static final int HEAD = 256;

    /** The kernel follows no more interpreters that are scripts. */
    private static final int MOST_SCRIPTS = 5;

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** Their scripts start other programs, most of all. */
    private static final Set<String> SHELLS =
            Set.of(
                    "ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh",
                    "zsh");

    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    /** Paths at which this machine has no file. */
    private final List<String> missing = new ArrayList<>();

    private RecordedNames() {}

    /** The names as they are given, of executables in containers or on other machines. */
    public static RecordedNames elsewhere(List<String> paths) {
        RecordedNames recorded = new RecordedNames();
        recorded.takeAll(paths);
        return recorded;
    }

    /** What the files of this machine tell about the names. */
    public static RecordedNames query(List<String> paths) {
        RecordedNames recorded = new RecordedNames();
        recorded.takeAll(paths);
        paths.forEach(path -> recorded.look(path, Path.of(path), MOST_SCRIPTS));
        return recorded;
    }

    /**
     * The program as it was given, if it is a link to this file with a name that is not just
     * shorter.
     */
    public static Optional<String> linkTo(String file, List<String> command) {
        String name = command.isEmpty() ? "" : command.get(0);
        if (nameOf(file).startsWith(nameOf(name))) {
            return Optional.empty();
        }
        return find(name).filter(path -> leadsTo(path, file)).map(path -> name);
    }

    private static boolean leadsTo(Path link, String file) {
        try {
            return link.toRealPath().toString().equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    private void takeAll(List<String> paths) {
        for (String path : paths) {
            if (!path.startsWith("/")) {
                throw CommandFailure.ownFailure(
                        "--exe: " + path + ": records have whole paths, such as /usr/bin/" + path);
            }
            names.add(path);
        }
    }

    private void look(String shown, Path path, int scriptsLeft) {
        Path file;
        try {
            file = path.toRealPath();
        } catch (NoSuchFileException e) {
            missing.add(shown);
            return;
        } catch (IOException e) {
            doubts.add(shown + " cannot be looked at: " + FileFailure.reason(e));
            return;
        }
        if (!file.equals(path)) {
            notes.add(shown + " leads to " + file + ", which is what records name");
        }
        names.add(file.toString());
        Optional<byte[]> head = FileHead.read(file, HEAD);
        if (head.isEmpty()) {
            doubts.add(shown + " cannot be read, so what records name is not known");
        } else if (startsWith(head.get(), "#!".getBytes(StandardCharsets.US_ASCII))) {
            lookAtScript(shown, head.get(), scriptsLeft);
        } else if (!startsWith(head.get(), ELF)) {
            doubts.add(shown + " is neither a program nor a script, so no record names it");
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private void lookAtScript(String shown, byte[] head, int scriptsLeft) {
        String text = new String(head, StandardCharsets.UTF_8).substring(2);
        String[] words = text.lines().findFirst().orElse("").strip().split("[ \t]+");
        if (scriptsLeft == 0 || !words[0].startsWith("/")) {
            doubts.add(shown + " is a script, and its interpreter is not known");
            return;
        }
        Path interpreter = Path.of(words[0]);
        lookAtInterpreter(shown, interpreter, scriptsLeft);
        if (interpreter.endsWith("env")) {
            Optional<Path> found =
                    Arrays.stream(words)
                            .skip(1)
                            .filter(word -> !word.startsWith("-") && !word.contains("="))
                            .findFirst()
                            .flatMap(RecordedNames::find)
                            .filter(Files::isExecutable);
            if (found.isEmpty()) {
                doubts.add(shown + " is a script, and its interpreter is not known");
            } else {
                lookAtInterpreter(shown, found.get(), scriptsLeft);
            }
        }
    }

    private void lookAtInterpreter(String shown, Path interpreter, int scriptsLeft) {
        notes.add(
                "%s is a script, so records name %s; those of its other scripts count too"
                        .formatted(shown, interpreter));
        if (SHELLS.contains(interpreter.getFileName().toString())) {
            doubts.add(
                    shown
                            + " is a script of a shell, and records name the programs that it"
                            + " starts (give --exe for each of these instead)");
        }
        look(interpreter.toString(), interpreter, scriptsLeft - 1);
    }

    /**
     * The programs that a script of a shell starts, for a shell: the one of its name, which the
     * shims of version managers start in their place with the same arguments, or all; none if the
     * command is no such script.
     */
    public static List<String> behindScript(List<String> command, Recording recording) {
        List<String> programs =
                recording.runs().stream()
                        .flatMap(run -> run.programs().stream())
                        .map(ProgramEvidence::executable)
                        .distinct()
                        .toList();
        List<String> started =
                programs.stream().filter(path -> !SHELLS.contains(nameOf(path))).toList();
        if (!isScript(command.get(0)) || started.equals(programs)) {
            return List.of();
        }
        String name = nameOf(command.get(0));
        for (String path : started) {
            if (nameOf(path).startsWith(name)) {
                List<String> same = new ArrayList<>(command);
                same.set(0, path);
                return List.of(ShellQuote.quote(same));
            }
        }
        return started.stream().map(ShellQuote::quote).toList();
    }

    /** Whether the command is a script, and this the executable of a shell. */
    public static boolean isShellOfScript(String executable, String command) {
        return SHELLS.contains(nameOf(executable)) && isScript(command);
    }

    /** Whether the command is a script, and this looks in PATH for its shell. */
    public static boolean isEnvOfScript(String executable, String command) {
        return nameOf(executable).equals("env") && isScript(command);
    }

    /** What a shell tries to execute, here or elsewhere in PATH; empty for a script. */
    public static Optional<String> program(String path) {
        return (Files.isExecutable(Path.of(path))
                        ? Optional.of(path)
                        : find(nameOf(path)).map(Path::toString))
                .filter(found -> !isScript(found));
    }

    private static boolean isScript(String command) {
        return find(command)
                .flatMap(file -> FileHead.read(file, 2))
                .filter(head -> Arrays.equals(head, new byte[] {'#', '!'}))
                .isPresent();
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A name without a slash is looked for in PATH, as by a shell. */
    public static Optional<Path> find(String name) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name));
        }
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(path -> Files.isExecutable(path) && Files.isRegularFile(path))
                .findFirst();
    }

    public List<String> names() {
        return List.copyOf(names);
    }

    /** What the user should know about the names. */
    public List<String> notes() {
        return notes.stream().distinct().toList();
    }

    /**
     * Why a silence of the logs may mean nothing.
     *
     * @param evidence what the logs hold: names in it are right
     */
    public List<String> doubts(Stream<Recording> evidence) {
        Set<String> seen =
                evidence.flatMap(recording -> recording.runs().stream())
                        .flatMap(run -> run.programs().stream())
                        .map(ProgramEvidence::executable)
                        .collect(Collectors.toSet());
        List<String> all = new ArrayList<>(doubts);
        for (String path : missing) {
            if (!seen.contains(path)) {
                all.add(
                        path
                                + " is not on this machine, and no record names it (--elsewhere"
                                + " says that it is in a container, or on other hosts)");
            }
        }
        return all.stream().distinct().toList();
    }
}
