// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The place of a file that exists or will be created: a folder, by its descriptor, and a name in
 * it, which is no link. This class follows the links of a path itself, including the last, to see
 * their owners. A link that another user (except root) could have made is accepted only if it leads
 * to a folder of that user: there it gives him no new power.
 */
final class FilePlace implements AutoCloseable {
    private static final int ROOT = 0;

    /** Stands for all users. */
    private static final int ANYBODY = -1;

    /** The kernel's own limit. */
    private static final int LINK_LIMIT = 40;

    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private final int self = LibC.geteuid();
    private final Deque<String> ahead = new ArrayDeque<>();

    /** The other users who could have made the links that were followed. */
    private final List<Integer> linkMakers = new ArrayList<>();

    private int links;
    private OpenFolder folder;
    private String name;
    private Optional<FileStatus> status = Optional.empty();

    private FilePlace() {}

    /**
     * @throws IOException if the folder does not exist, if the file is itself a folder, or if a
     *     link cannot be trusted
     */
    static FilePlace find(Path file) throws IOException {
        FilePlace place = new FilePlace();
        try {
            place.walk(new String(file.toString().getBytes(NAMES), ISO_8859_1));
            return place;
        } catch (IOException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    OpenFolder folder() {
        return folder;
    }

    String name() {
        return name;
    }

    /** What was at the place when it was found; a link only if it is one of /proc. */
    Optional<FileStatus> status() {
        return status;
    }

    private void walk(String path) throws IOException {
        enter(path.startsWith("/") ? OpenFolder.root() : OpenFolder.current());
        push(path);
        while (!arrived()) {
            // Goes on with the next name.
        }
        requireTrusted();
    }

    private void enter(OpenFolder next) {
        close();
        folder = next;
    }

    private void push(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/+")));
        names.removeIf(String::isEmpty);
        for (int i = names.size() - 1; i >= 0; i--) {
            ahead.push(names.get(i));
        }
    }

    private boolean arrived() throws IOException {
        if (ahead.isEmpty()) { // such as for the path "/"
            throw OpenFolder.failure(LibC.EISDIR);
        }
        name = ahead.pop();
        status = folder.status(name);
        boolean last = ahead.isEmpty();
        if (status.isPresent() && status.get().isLink()) {
            return isFollowed(status.get(), last);
        }
        if (!last) {
            enter(folder.folder(name));
        } else if (status.isPresent() && status.get().isFolder()) {
            throw OpenFolder.failure(LibC.EISDIR);
        }
        return last;
    }

    /** Follows a link. Returns true if the place is the link itself, as for a link of /proc. */
    private boolean isFollowed(FileStatus link, boolean last) throws IOException {
        if (++links > LINK_LIMIT) {
            throw OpenFolder.failure(LibC.ELOOP);
        }
        noteMaker(link);
        if (folder.isOfProc()) {
            if (last && !isTrusted(link.owner())) {
                throw OpenFolder.failure("a file that a process of another user has open");
            }
            if (!last) {
                enter(folder.folderBehind(name));
            }
            return last;
        }
        String text = folder.linkText(name);
        if (text.startsWith("/")) {
            enter(OpenFolder.root());
        }
        push(text);
        return false;
    }

    private void noteMaker(FileStatus link) throws IOException {
        FileStatus around = folder.status();
        if (around.isSharedFolder() && isForeign(link, around)) {
            throw OpenFolder.failure(
                    "a link of another user, in a folder that everybody can write to");
        }
        if (around.isFolderOfAnybody()) {
            linkMakers.add(ANYBODY);
        } else if (!isTrusted(link.owner())) {
            linkMakers.add(link.owner());
        } else if (!isTrusted(around.owner())) {
            linkMakers.add(around.owner());
        }
    }

    private void requireTrusted() throws IOException {
        FileStatus destination = folder.status();
        for (int maker : linkMakers) {
            boolean own = maker != ANYBODY && destination.owner() == maker;
            if (!own && !destination.isFolderOfAnybody()) {
                throw OpenFolder.failure(
                        "a link on the way is another user's, and leads to a folder that is not"
                                + " (give the path without the link)");
            }
        }
    }

    private boolean isTrusted(int owner) {
        return owner == ROOT || owner == self;
    }

    /** The kernel's rule for fs.protected_symlinks and fs.protected_regular. */
    private boolean isForeign(FileStatus file, FileStatus around) {
        return file.owner() != self && file.owner() != around.owner();
    }

    /**
     * @throws IOException if the file belongs to another user and is in a folder that everybody can
     *     write to: it may be a trap
     */
    void requireNotForeign(FileStatus file) throws IOException {
        FileStatus around = folder.status();
        if (around.isSharedFolder() && isForeign(file, around)) {
            throw OpenFolder.failure(
                    "the file is another user's, in a folder that everybody can write to (remove"
                            + " it, or take another folder)");
        }
    }

    /** Throws {@link IOException} if the file belongs neither to this user nor to root. */
    void requireOwn(FileStatus file) throws IOException {
        if (!isTrusted(file.owner())) {
            throw OpenFolder.failure("the file is another user's");
        }
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
            folder = null;
        }
    }
}
