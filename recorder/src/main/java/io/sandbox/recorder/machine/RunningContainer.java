// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.outcome.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A container that runs already, as the runtimes on this machine know it.
 *
 * @param id its whole id, as its runtime has it
 * @param process its first process
 */
public record RunningContainer(String id, int process) {
    /** A shorter id may match several containers. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{12,64}");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    /** What both print with {@link #ID_AND_PROCESS}. */
    static final List<String> ENGINES = List.of("podman", "docker");

    /** Of these, the state is JSON. */
    private static final List<String> RUNTIMES = List.of("crun", "runc");

    private static final String ID_AND_PROCESS = "{{.Id}} {{.State.Pid}}";
    private static final long PATIENCE_SECONDS = 20;

    /** Of a folder in another; another user may nest his without end. */
    private static final int MAX_DEPTH = 64;

    private static final int ROOT = 0;

    /** Whether a word has the form of the id of a container, at least of its first digits. */
    public static boolean isId(String word) {
        return ID.matcher(word).matches();
    }

    /**
     * The folder of the container's own cgroup.
     *
     * @param word the name of a container, or at least the first 12 digits of its id
     * @param root the folder where cgroups of version 2 are mounted
     * @throws CommandFailure if it cannot be found with certainty
     */
    public static Path cgroup(String word, Path root) {
        List<RunningContainer> known = queryKnown(word);
        if (known.isEmpty() && isId(word)) {
            return folderNamed(word, root);
        }
        if (known.size() != 1) {
            throw refused(
                    word,
                    known.isEmpty()
                            ? "no container of this name runs here (podman, docker, crun and runc"
                                    + " were asked; the first 12 digits of an id are enough)"
                            : "several runtimes have such a container (give its id)");
        }
        RunningContainer container = known.get(0);
        if (container.process <= 0) {
            throw refused(word, "does not run");
        }
        String instead =
                String.format(
                        "has no cgroup of version 2 of its own (its first process can be recorded"
                                + " in its place: %s)",
                        container.process);
        return folderOf(container.id, queryGroups(container.process))
                .map(path -> Path.of(root + path))
                .filter(Files::isDirectory)
                .orElseThrow(() -> refused(word, instead));
    }

    private static CommandFailure refused(String word, String why) {
        return CommandFailure.ownFailure("container " + word + ": " + why);
    }

    private static List<RunningContainer> queryKnown(String word) {
        List<RunningContainer> known = new ArrayList<>();
        if (!NAME.matcher(word).matches()) {
            return known;
        }
        for (String engine : ENGINES) {
            ask(false, engine, "container", "inspect", "--format", ID_AND_PROCESS, word)
                    .flatMap(RunningContainer::ofLine)
                    .ifPresent(known::add);
        }
        for (String runtime : RUNTIMES) {
            ask(false, runtime, "state", word)
                    .flatMap(RunningContainer::ofState)
                    .ifPresent(known::add);
        }
        // podman's containers are those of its runtime too.
        return known.stream().distinct().toList();
    }

    static Optional<RunningContainer> ofLine(String line) {
        String[] words = line.strip().split(" ");
        return words.length == 2 && words[1].matches("[0-9]{1,9}")
                ? Optional.of(new RunningContainer(words[0], Integer.parseInt(words[1])))
                : Optional.empty();
    }

    static Optional<RunningContainer> ofState(String text) {
        try {
            Map<String, Object> state = JsonObject.parse(text);
            return state.get("id") instanceof String id && state.get("pid") instanceof Integer pid
                    ? Optional.of(new RunningContainer(id, pid))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What a command prints, with its errors if they count; empty if it is not there or fails. */
    static Optional<String> ask(boolean errors, String... command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .redirectErrorStream(errors);
            if (!errors) {
                builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            Process process = builder.start();
            // An answer can be larger than the pipe.
            Future<byte[]> answer =
                    CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
            try {
                byte[] bytes = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return process.waitFor() == 0
                        ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
                        : Optional.empty();
            } catch (ExecutionException | TimeoutException e) {
                return Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * What an engine says of itself and of what it would start.
     *
     * @param lacking what is wrong if it fails or prints nothing
     */
    public static String answer(List<String> question, String lacking) {
        return ask(false, question.toArray(new String[0]))
                .filter(text -> !text.isBlank())
                .orElseThrow(
                        () ->
                                CommandFailure.ownFailure(
                                        lacking + " (try: " + String.join(" ", question) + ")"));
    }

    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String queryGroups(int process) {
        try {
            return Files.readString(
                    Path.of("/proc/" + process + "/cgroup"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The outermost cgroup of version 2 that has the name of the container, in the text of
     * /proc/PID/cgroup. A container may divide its own further.
     */
    static Optional<String> folderOf(String id, String groups) {
        Optional<String> path = groups.lines().filter(line -> line.startsWith("0::/")).findFirst();
        StringBuilder folder = new StringBuilder();
        for (String name : path.orElse("0::").substring("0::".length()).split("/")) {
            folder.append(name.isEmpty() ? "" : "/" + name);
            if (isOf(id, name)) {
                return Optional.of(folder.toString());
            }
        }
        return Optional.empty();
    }

    /** Whether a cgroup has this name because of the container: ID, libpod-ID.scope and so on. */
    static boolean isOf(String id, String name) {
        String word = Pattern.quote(id) + (isId(id) ? "[0-9a-f]*" : "");
        return name.matches("(.*[-:])?" + word + "|.*-" + word + "\\.scope")
                && !name.contains("conmon");
    }

    /**
     * For containers of runtimes that are not asked. Another user can make a folder with any name
     * in a cgroup of his own, and make and remove others meanwhile.
     */
    private static Path folderNamed(String id, Path root) {
        TreeSet<Path> found = find(id, root);
        List<Path> ours = found.stream().filter(RunningContainer::isOurs).toList();
        if (ours.size() == 1) {
            return ours.get(0);
        }
        if (found.isEmpty()) {
            throw refused(id, "has no cgroup");
        }
        throw refused(
                id,
                (ours.isEmpty() ? "only another user has such a cgroup: " : "not unique: ")
                        + (ours.isEmpty() ? found : ours)
                                .stream().limit(2).map(Path::toString).toList()
                        + " (choose one of these cgroups)");
    }

    static TreeSet<Path> find(String id, Path root) {
        TreeSet<Path> found = new TreeSet<>();
        try {
            Files.walkFileTree(
                    root,
                    EnumSet.noneOf(FileVisitOption.class),
                    MAX_DEPTH,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            if (!isOf(id, folder.getFileName().toString())) {
                                return FileVisitResult.CONTINUE;
                            }
                            found.add(folder);
                            return FileVisitResult.SKIP_SUBTREE;
                        }

                        /** It was removed meanwhile, or is too deep. */
                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw CommandFailure.ownFailure(root + ": " + e.getMessage());
        }
        return found;
    }

    private static boolean isOurs(Path folder) {
        try {
            return Files.getAttribute(folder, "unix:uid") instanceof Integer owner
                    && (owner == ROOT
                            || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
        } catch (IOException e) {
            return false;
        }
    }
}
