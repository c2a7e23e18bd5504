// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder, held by its descriptor: it stays the same folder, whatever its name leads to later.
 * Names are of files directly in it, with one char for each byte. Failures are FileSystemExceptions
 * whose reason is the system's text.
 */
final class OpenFolder implements AutoCloseable {
    static final int O_WRONLY = 1;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NOCTTY = 0x100;

    /** The next two constants differ between architectures. */
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int LOCK_EX_NB = 2 | 4;
    private static final int RENAME_NOREPLACE = 1;
    private static final int LINK_TEXT_LIMIT = 4096;

    private final int fd;

    private OpenFolder(int fd) {
        this.fd = fd;
    }

    static OpenFolder root() throws IOException {
        return open(AT_FDCWD, "/", 0);
    }

    static OpenFolder current() throws IOException {
        return open(AT_FDCWD, ".", 0);
    }

    static OpenFolder at(Path path) throws IOException {
        return open(AT_FDCWD, path.toString(), 0);
    }

    private static OpenFolder open(int at, String name, int flags) throws IOException {
        int access = O_PATH | O_DIRECTORY | O_CLOEXEC | flags;
        return new OpenFolder(require(LibC.openat(at, bytes(name), access, 0)));
    }

    /** A folder in this one, which must not be a link. */
    OpenFolder folder(String name) throws IOException {
        return open(fd, name, O_NOFOLLOW);
    }

    /** The folder behind a link, by the kernel: a link's text in /proc is not its target. */
    OpenFolder folderBehind(String link) throws IOException {
        return open(fd, link, 0);
    }

    FileStatus status() throws IOException {
        return statusOf(fd);
    }

    static FileStatus statusOf(int descriptor) throws IOException {
        long[] status = new long[5];
        require(LibC.fstatat(descriptor, new byte[0], status, AT_EMPTY_PATH));
        return FileStatus.of(status);
    }

    /** The status of a file in this folder, of a link itself; empty if there is none. */
    Optional<FileStatus> status(String name) throws IOException {
        long[] status = new long[5];
        int result = LibC.fstatat(fd, bytes(name), status, AT_SYMLINK_NOFOLLOW);
        if (result == -LibC.ENOENT) {
            return Optional.empty();
        }
        require(result);
        return Optional.of(FileStatus.of(status));
    }

    String linkText(String name) throws IOException {
        ByteBuffer text = ByteBuffer.allocateDirect(LINK_TEXT_LIMIT);
        byte[] read = new byte[require(LibC.readlinkat(fd, bytes(name), text))];
        text.get(0, read);
        return new String(read, ISO_8859_1);
    }

    boolean isOfProc() {
        return LibC.isProc(fd);
    }

    /** Creates a file to write, and returns its descriptor; empty if the name is taken. */
    Optional<Integer> create(String name, int mode) throws IOException {
        int flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
        int file = LibC.openat(fd, bytes(name), flags, mode);
        return file == -LibC.EEXIST ? Optional.empty() : Optional.of(require(file));
    }

    /** Opens an existing file, which must not be a link. */
    int openFile(String name, int flags) throws IOException {
        return require(LibC.openat(fd, bytes(name), flags | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0));
    }

    /** Opens a folder in this one for {@link #lock}. */
    int openFolder(String name) throws IOException {
        return openFile(name, O_DIRECTORY);
    }

    /**
     * Locks an open file for as long as this process lives. Where files cannot be locked, nobody
     * has a lock.
     *
     * @return false if another process has a lock on it, or if the name leads to it no more: who
     *     removes what a killed process left has a lock until it is gone
     */
    boolean lock(int file, String name) throws IOException {
        if (LibC.flock(file, LOCK_EX_NB) == -LibC.EAGAIN) {
            return false;
        }
        Optional<FileStatus> now = status(name);
        return now.isPresent() && now.get().isSameFile(statusOf(file));
    }

    /** Opens the file behind a link of /proc. */
    int openBehind(String link, int flags) throws IOException {
        return require(LibC.openat(fd, bytes(link), flags | O_NOCTTY | O_CLOEXEC, 0));
    }

    /** Renames a file, and replaces the one with the new name: a link, not its target. */
    void replace(String name, String newName) throws IOException {
        require(LibC.renameat2(fd, bytes(name), bytes(newName), 0));
    }

    /** False if there already is a file of the new name. */
    boolean rename(String name, String newName) throws IOException {
        int result = LibC.renameat2(fd, bytes(name), bytes(newName), RENAME_NOREPLACE);
        if (result == -LibC.EEXIST) {
            return false;
        }
        if (result == -LibC.EINVAL || result == -LibC.ENOSYS) {
            // Not every file system has RENAME_NOREPLACE.
            replace(name, newName);
            return true;
        }
        require(result);
        return true;
    }

    void makeFolder(String name) throws IOException {
        require(LibC.mkdirat(fd, bytes(name)));
    }

    void remove(String name) throws IOException {
        require(LibC.unlinkat(fd, bytes(name)));
    }

    /** Returns the result of a function of {@link LibC} unless it is a failure. */
    static int require(int result) throws IOException {
        if (result < 0) {
            throw failure(-result);
        }
        return result;
    }

    static FileSystemException failure(int errno) {
        return failure(LibC.strerror(errno));
    }

    static FileSystemException failure(String reason) {
        return new FileSystemException("", null, reason);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(ISO_8859_1);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
