package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.log.OutputException;
import io.sandbox.recorder.source.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a result goes: standard output, or a file that appears whole or not at all. It is opened
 * before the program runs, so that what cannot be written is known before there is anything to
 * lose, and each file is opened once, by a name that must not exist or must be no link.
 */
final class ResultOutput implements AutoCloseable {
    /** Null for standard output, as is {@link #out}. */
    private final String name;

    private final OutputStream out;

    /**
     * What {@link #out} writes, and where it is to appear; both null if it writes there directly.
     */
    private final Path temporary;

    private final Path destination;

    private ResultOutput(String name, OutputStream out, Path temporary, Path destination) {
        this.name = name;
        this.out = out;
        this.temporary = temporary;
        this.destination = destination;
    }

    /**
     * @param file null for standard output
     * @throws LearnException when it cannot be written
     */
    static ResultOutput open(Path file) {
        if (file == null) {
            return new ResultOutput(null, null, null, null);
        }
        if (file.toString().equals("-")) {
            throw new LearnException(
                    ExitCodes.OWN_FAILURE,
                    "-: not the name of a file (without the option, the result goes to standard"
                            + " output)");
        }
        try {
            return openFile(file);
        } catch (IOException e) {
            throw failure(file.toString(), e);
        }
    }

    private static ResultOutput openFile(Path file) throws IOException {
        String name = file.toString();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device or a pipe cannot be replaced; a folder is refused here.
            OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE);
            return new ResultOutput(name, out, null, null);
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
        // A signal ends us without closing anything.
        temporary.toFile().deleteOnExit();
        if (Files.exists(destination)) {
            keepOwner(destination, temporary);
            Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(destination));
        }
        return new ResultOutput(name, out, temporary, destination);
    }

    /** Root must not take a file away from whom it belongs to. */
    private static void keepOwner(Path from, Path to) throws IOException {
        for (String attribute : new String[] {"unix:gid", "unix:uid"}) {
            Object value = Files.getAttribute(from, attribute);
            if (!value.equals(Files.getAttribute(to, attribute))) {
                Files.setAttribute(to, attribute, value);
            }
        }
    }

    /**
     * All of the result, once.
     *
     * @throws OutputException when that is standard output and fails
     * @throws LearnException when a file cannot be written
     */
    void write(byte[] result) {
        if (name == null) {
            new StandardOutput().write(result);
            return;
        }
        try {
            out.write(result);
            out.close();
            if (temporary != null) {
                Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private static LearnException failure(String name, IOException e) {
        return LearnException.ownFailure(
                name + ": cannot write the result: " + FileFailure.reason(e));
    }

    /** Leaves nothing behind of a result that was not written. */
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
