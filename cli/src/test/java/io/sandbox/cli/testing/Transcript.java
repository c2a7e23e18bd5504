// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A test that is a text: the commands that a user types, and below each what it prints. The README
 * beside the texts has their form. All commands run in one shell, in a new folder.
 */
public final class Transcript {
    /** The files of all transcripts. Tests run in the folder of their module. */
    private static final Path FILES =
            Path.of("src/test/resources/io/sandbox/cli/transcripts").toAbsolutePath();

    /** Stands for any text in a line, or for any lines if it is alone. */
    private static final String ANYTHING = "…";

    /** The beginnings of the names of files to be run, with bars between them. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("transcripts", ""));

    private static final String NEEDS = "Needs: ";

    /** Unicode has pictures of control characters, in their order. */
    private static final int PICTURES = 0x2400;

    /** What bash says of a process that a signal ended: its number comes before the words. */
    private static final String OF_BASH = "^\\S+: line \\d+: +\\d+ (.*?)  .*$";

    /** What the shell prints to both streams behind each command. */
    private static final String END = "\1";

    /** So many run at once: beside more, a program would not do in time what it usually does. */
    private static final Semaphore PLACES = new Semaphore(4, true);

    private final Path file;
    private final List<Step> setUp;
    private final String name;
    private final List<String> words = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private Transcript(Path file, String name, List<Step> setUp) {
        this.file = file;
        this.name = name;
        this.setUp = setUp;
    }

    public static List<Transcript> in(String folder) throws IOException {
        List<Transcript> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FILES.resolve(folder)).sorted()) {
            for (Path file : files.toList()) {
                if (ONLY.matcher(file.getFileName().toString()).lookingAt()) {
                    read(file, all);
                }
            }
        }
        return all;
    }

    private static void read(Path file, List<Transcript> all) throws IOException {
        Transcript beginning = new Transcript(file, "", List.of());
        Transcript current = beginning;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("# ")) {
                current = new Transcript(file, line, beginning.steps);
                all.add(current);
            } else {
                current.add(line);
            }
        }
    }

    private void add(String line) {
        if (line.startsWith("  $ ")) {
            steps.add(new Step());
        }
        if (line.startsWith("  ")) {
            steps.get(steps.size() - 1).add(line);
        } else {
            words.add(line);
        }
    }

    @Override
    public String toString() {
        return file.getFileName().toString().replace(".txt", ": ") + name.substring(2);
    }

    /** Runs the commands. {@code -Dfixtures.rewrite=true} writes what they print, to be read. */
    public void check(Path folder) throws IOException, InterruptedException {
        PLACES.acquire();
        try {
            requireAll();
            // Also for other users.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            run(folder);
        } catch (AssertionError e) {
            // Most keep there what a command complains of.
            Path err = folder.resolve("err");
            String complaint = Files.exists(err) ? Files.readString(err, ISO_8859_1) : "";
            throw new AssertionError(this + "\n" + complaint + e.getMessage(), e);
        } finally {
            PLACES.release();
        }
    }

    private void run(Path folder) throws IOException, InterruptedException {
        List<Step> all = Stream.concat(setUp.stream(), steps.stream()).toList();
        Finished run =
                Child.of("bash -c %s", Step.script(all))
                        .with("PATH", path())
                        .with("ROOT", Path.of("..").toAbsolutePath().normalize().toString())
                        .with("TESTING", FILES.resolveSibling("testing").toString())
                        .with("DIST", Dist.learn().getParent().toString())
                        .with("LIBRARY", Dist.library().toString())
                        .with("CLASSES", System.getProperty("surefire.test.class.path"))
                        .with("LC_ALL", "C.UTF-8")
                        .with("TZ", "UTC")
                        .in(folder)
                        .run();
        String[] out = run.out().split(END, -1);
        String[] err = run.err().split(END, -1);
        assertEquals(all.size() + 1, out.length, () -> "the shell ended early: " + run);
        for (int i = 0; i < all.size(); i++) {
            // The status stands behind the mark, before the output of the next command.
            String status = out[i + 1].substring(0, out[i + 1].indexOf('\n'));
            out[i + 1] = out[i + 1].substring(status.length() + 1);
            all.get(i).printed =
                    text("  ", out[i], folder)
                            + text("  ! ", err[i], folder)
                            + (status.equals("0") ? "" : "  [" + status + "]\n");
        }
        compare(all);
    }

    private void compare(List<Step> all) throws IOException {
        if (Boolean.getBoolean("fixtures.rewrite")) {
            String before = steps.stream().map(Step::text).collect(Collectors.joining());
            String after = steps.stream().map(Step::updated).collect(Collectors.joining());
            replace(file, head() + before, head() + after);
        } else {
            all.forEach(step -> assertEquals(step.text(), step.updated()));
        }
    }

    /** One at a time: other transcripts of the file run at the same time. */
    private static synchronized void replace(Path file, String before, String after)
            throws IOException {
        Files.writeString(file, Files.readString(file).replace(before, after));
    }

    /** The lines of the file before the first command: words stand only there. */
    private String head() {
        return name
                + "\n"
                + words.stream()
                        .map(word -> word + "\n")
                        .filter(word -> !word.isBlank())
                        .collect(Collectors.joining());
    }

    private void requireAll() throws IOException {
        for (String line : words) {
            if (line.startsWith(NEEDS)) {
                for (String need : line.substring(NEEDS.length()).split(" ")) {
                    switch (need) {
                        case "root" -> LiveKernel.requireRoot();
                        case "capabilities" -> LiveKernel.requireCapabilities();
                        case "bpf" -> LiveKernel.requireBpf();
                        case "kmsg" -> LiveKernel.requireKernelLog();
                        default -> LiveKernel.requireProgram(need);
                    }
                }
            }
        }
    }

    private static String path() {
        Path tools = Path.of("../target/tools/usr").toAbsolutePath().normalize();
        return Dist.learn().getParent()
                + (":/usr/bin:/bin:/usr/sbin:/sbin:" + tools + "/bin:" + tools + "/sbin");
    }

    /** The output as the file shows it, with a picture of what a terminal would obey. */
    private static String text(String prefix, String output, Path folder) {
        if (output.isEmpty()) {
            return "";
        }
        String shown = output.endsWith("\n") ? output : output + "(no newline)\n";
        return new String(shown.getBytes(ISO_8859_1), UTF_8)
                .replace(folder.toString(), "$PWD")
                .replace(Dist.learn().getParent().toString(), "$DIST")
                .replaceAll("(?m)" + OF_BASH, "$1")
                .lines()
                .map(line -> prefix + visible(line) + "\n")
                .collect(Collectors.joining());
    }

    private static String visible(String line) {
        return line.chars()
                .map(c -> c < ' ' && c != '\t' ? PICTURES + c : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static Pattern pattern(List<String> expected) {
        StringBuilder pattern = new StringBuilder();
        for (String line : expected) {
            Stream<String> parts = Arrays.stream(line.split(ANYTHING, -1)).map(Pattern::quote);
            boolean any = line.strip().equals(ANYTHING);
            pattern.append(any ? "(.*\n)*" : parts.collect(Collectors.joining(".*")));
        }
        return Pattern.compile(pattern.toString());
    }

    /** A command and what it prints. */
    private static final class Step {
        private String command = "";
        private String written = "";
        private String printed = "";
        private final List<String> expected = new ArrayList<>();

        private void add(String line) {
            boolean first = line.startsWith("  $ ");
            if (first || expected.isEmpty() && line.matches("  >( .*)?")) {
                command += line.length() > 4 ? line.substring(4) + "\n" : "\n";
                written += line + "\n";
            } else {
                expected.add(line + "\n");
            }
        }

        private String text() {
            return written + String.join("", expected);
        }

        /** The step's text. What was printed now replaces what does not fit it. */
        private String updated() {
            return pattern(expected).matcher(printed).matches() ? text() : written + printed;
        }

        private static String script(List<Step> steps) {
            return steps.stream()
                    .map(step -> step.command + "printf '\\1%d\\n' $?; printf '\\1' >&2\n")
                    .collect(Collectors.joining());
        }
    }
}
