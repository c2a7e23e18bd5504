package io.sandbox.recorder.cli;

import io.sandbox.enforcer.policy.Allowlist;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the list goes: standard output, or a file that appears whole or not at all. */
final class PolicyOutput {
    /** How the list is written. */
    enum Format {
        env,
        envfile
    }

    /** Null for standard output. */
    private final Path file;

    private final Format format;

    private PolicyOutput(Path file, Format format) {
        this.file = file;
        this.format = format;
    }

    /**
     * Checks that the list can be written, before there is one.
     *
     * @param file null for standard output
     * @throws LearnException before anything is run, when the file's folder cannot be written
     */
    static PolicyOutput to(Path file, Format format) {
        if (file != null) {
            Path folder = folder(file);
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw failure(file, "its folder does not exist or is not writable");
            }
            if (Files.isDirectory(file)) {
                throw failure(file, "it is a directory");
            }
        }
        return new PolicyOutput(file, format);
    }

    void write(Allowlist list) {
        String line = format == Format.env ? list.toShell() : list.toEnvironmentFile();
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            if (file == null) {
                // Not System.out, which keeps errors to itself.
                new FileOutputStream(FileDescriptor.out).write(bytes);
            } else {
                replace(bytes);
            }
        } catch (IOException e) {
            throw failure(file == null ? Path.of("standard output") : file, e.getMessage());
        }
    }

    /**
     * Words that give the variable to a command in a shell; dots stand for a list on standard
     * output.
     */
    String assignmentForShell() {
        if (file == null) {
            return "SECCOMP_SYSCALL_ALLOW=...";
        }
        // No entry holds a blank, so the quotes of a shell's assignment are all that is in the way.
        String reader = format == Format.env ? "tr -d '\"' <" : "cat ";
        return "env $(" + reader + ShellQuote.quote(file.toString()) + ")";
    }

    private void replace(byte[] bytes) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device or a pipe cannot be replaced, and a part of it cannot be taken for a whole
            // file.
            Files.write(file, bytes);
            return;
        }
        Path temporary = Files.createTempFile(folder(file), file.getFileName().toString(), ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                out.write(bytes);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path folder(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private static LearnException failure(Path file, String reason) {
        return new LearnException(
                ExitCodes.OWN_FAILURE, file + ": cannot write the list: " + reason);
    }
}
