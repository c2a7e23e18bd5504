package io.sandbox.recorder.cli;

import io.sandbox.enforcer.policy.Allowlist;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where the list goes: standard output, or a file that appears whole or not at all. It is opened
 * before the program runs, so that what cannot be written is known before there is anything to
 * lose, and each file is opened once, by a name that must not exist or must be no link.
 */
final class PolicyOutput implements AutoCloseable {
    /** How the list is written. */
    enum Format {
        env,
        envfile
    }

    private final String name;
    private final Format format;
    private final OutputStream out;

    /**
     * What {@link #out} writes, and where it is to appear; both null if it writes there directly.
     */
    private final Path temporary;

    private final Path destination;

    private PolicyOutput(
            String name, Format format, OutputStream out, Path temporary, Path destination) {
        this.name = name;
        this.format = format;
        this.out = out;
        this.temporary = temporary;
        this.destination = destination;
    }

    /**
     * @param file null for standard output
     * @throws LearnException when it cannot be written
     */
    static PolicyOutput open(Path file, Format format) {
        if (file == null) {
            // Not System.out, which keeps errors to itself.
            OutputStream out = new FileOutputStream(FileDescriptor.out);
            return new PolicyOutput(null, format, out, null, null);
        }
        try {
            return openFile(file, format);
        } catch (IOException e) {
            throw failure(file.toString(), e);
        }
    }

    private static PolicyOutput openFile(Path file, Format format) throws IOException {
        String name = file.toString();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device or a pipe cannot be replaced; a folder is refused here.
            OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE);
            return new PolicyOutput(name, format, out, null, null);
        }
        // A link stays: the file that it leads to is replaced.
        Path destination = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path temporary =
                destination.resolveSibling(
                        "." + destination.getFileName() + "." + ProcessHandle.current().pid());
        OutputStream out =
                Files.newOutputStream(
                        temporary,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        if (Files.exists(destination)) {
            Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(destination));
        }
        return new PolicyOutput(name, format, out, temporary, destination);
    }

    void write(Allowlist list) {
        String line = format == Format.env ? list.toShell() : list.toEnvironmentFile();
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            out.close();
            if (temporary != null) {
                Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw failure(name == null ? "standard output" : name, e);
        }
    }

    /** Words that give the list to a command in a shell; empty if it was printed. */
    String assignmentForShell() {
        if (name == null) {
            return "";
        }
        // No entry holds a blank, so the quotes of a shell's assignment are all that is in the way.
        String reader = format == Format.env ? "tr -d '\"' <" : "cat ";
        return "env $(" + reader + ShellQuote.quote(name) + ") ";
    }

    private static LearnException failure(String name, IOException e) {
        return new LearnException(
                ExitCodes.OWN_FAILURE, name + ": cannot write the list: " + reason(e));
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such folder";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getMessage();
    }

    /** Leaves nothing behind of a list that was not written. */
    @Override
    public void close() {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failure(temporary.toString(), e);
        }
    }
}
