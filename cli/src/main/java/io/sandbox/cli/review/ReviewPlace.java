// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.PolicyUpdate;
import io.sandbox.cli.report.PathWords;
import io.sandbox.cli.report.ProgramReach;
import io.sandbox.cli.report.SeenCalls;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.ReachableCall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The terminal, or a script on standard input; the policy file; and the code of programs. */
final class ReviewPlace {
    private static final int INPUT = 0;

    private final String file;
    private final byte[] bytes;
    private final Optional<PolicyFormat> format;
    private final Circumstances here;
    private final Recording recording;
    private final DecisionFile kept;
    private final StandardOutput output = new StandardOutput();
    private final boolean echoes = !StandardOutput.isTerminal(INPUT);
    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    /** What the code of each program reaches, since reading it takes a while. */
    private final Map<Path, ReachResult> reached = new HashMap<>();

    /** {@code format} of the policy; empty to recognise it. */
    ReviewPlace(
            String file,
            byte[] bytes,
            Optional<PolicyFormat> format,
            Circumstances here,
            Recording recording,
            DecisionFile kept) {
        this.file = file;
        this.bytes = bytes;
        this.format = format;
        this.here = here;
        this.recording = recording;
        this.kept = kept;
    }

    /** Shows the prompt and reads a line; empty at the end of the input. */
    Optional<String> ask(String prompt) {
        print(prompt);
        try {
            Optional<String> line = Optional.ofNullable(input.readLine());
            if (line.isEmpty() || echoes) { // a terminal shows what is typed
                print(line.map(Console::printable).orElse("") + "\n");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void print(String text) {
        output.print(text);
    }

    /** The policy's old text. */
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The policy's new text. Throws {@link CommandFailure} if the file cannot be changed so. */
    String changed(PolicyEdit edit) {
        return PolicyUpdate.apply(file, bytes, format, edit, here).text();
    }

    /** Keeps the decisions, in case the session ends here. */
    void keep(Map<Finding, Decision> decisions) {
        kept.write(decisions);
    }

    /** How the code of the program reaches a call, in lines. */
    String way(Finding finding) {
        Optional<Path> program =
                finding.call().seen().stream()
                        .flatMap(seen -> program(seen.executable()).stream())
                        .findFirst();
        if (program.isEmpty()) {
            return "The program that made the call is not here, so its code cannot be read.\n";
        }
        String name = Console.printable(program.get().toString());
        try {
            if (!reached.containsKey(program.get())) {
                print("Reading the code of " + name + " ...\n");
                reached.put(program.get(), reach(program.get()));
            }
        } catch (CommandFailure e) {
            return "The code cannot be read: " + Console.printable(e.getMessage()) + "\n";
        }
        for (ReachableCall call : reached.get(program.get()).calls()) {
            boolean isCall = call.number() == finding.call().call().number();
            if (isCall && !call.path().isEmpty()) {
                PathWords words = new PathWords(program.get());
                return ReviewText.paragraph(words.line(call)) + words.steps(call, ReviewText.WIDTH);
            }
        }
        return ReviewText.paragraph(
                ("No path leads there in %s and the libraries that it names. One that it loads"
                                + " while it runs, such as a plugin, may lead there.")
                        .formatted(name));
    }

    private static Optional<Path> program(String name) {
        try {
            return Optional.of(Path.of(name))
                    .filter(path -> path.isAbsolute() && Files.isRegularFile(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private ReachResult reach(Path program) {
        SeenCalls seen =
                SeenCalls.of(
                        recording, program, SyscallDb.get().archByName(here.arch()).orElseThrow());
        return ProgramReach.query(program, seen);
    }
}
