// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.enforcer.launch.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A new folder of this process, which only its user can enter. It is locked as long as the process
 * lives. So the next process that makes one of the same kind finds those of processes that were
 * killed, and removes them.
 */
public final class WorkFolder implements AutoCloseable {
    /** The place for what no other program has to find. */
    public static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private static final int TRIES = 100;

    private final Path path;
    private final int lock;

    private WorkFolder(Path path, int lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes a folder, and removes those that are left.
     *
     * @param place where it is made: no other user can rename folders of ours there
     * @param kind how its name begins, before a number
     * @param ending is told of a folder that is left before it is removed
     */
    public static WorkFolder make(Path place, String kind, Consumer<Path> ending)
            throws IOException {
        for (WorkFolder left : left(place, kind)) {
            ending.accept(left.path);
            left.close();
        }
        for (int i = 0; i < TRIES; i++) {
            Optional<WorkFolder> made = locked(Files.createTempDirectory(place, kind));
            if (made.isPresent()) {
                return made.get();
            }
        }
        throw OpenFolder.failure(LibC.EEXIST);
    }

    private static List<WorkFolder> left(Path place, String kind) throws IOException {
        Pattern name = Pattern.compile(kind + "[0-9]+");
        try (Stream<Path> all = Files.list(place)) {
            return all.filter(each -> name.matcher(each.getFileName().toString()).matches())
                    .flatMap(each -> locked(each).stream())
                    .toList();
        }
    }

    /** Whether there is such a folder, and the process lives that has made it. */
    public static boolean isInUse(Path folder) {
        Optional<WorkFolder> left = locked(folder);
        left.ifPresent(each -> LibC.close(each.lock));
        return left.isEmpty() && Files.exists(folder);
    }

    /** Empty if another process has it, or if it is not ours. */
    private static Optional<WorkFolder> locked(Path path) {
        String name = path.getFileName().toString();
        try (OpenFolder place = OpenFolder.at(path.getParent())) {
            int folder = place.openFolder(name);
            if (OpenFolder.statusOf(folder).owner() == LibC.geteuid() && place.lock(folder, name)) {
                return Optional.of(new WorkFolder(path, folder));
            }
            LibC.close(folder);
        } catch (IOException e) {
            // It is gone, or is no folder that we may look into.
        }
        return Optional.empty();
    }

    public Path path() {
        return path;
    }

    /** Removes the folder with all that is in it. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(WorkFolder::delete);
        } catch (IOException | UncheckedIOException e) {
            // Files that are left in a private folder do no harm.
        }
        LibC.close(lock);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            // As above.
        }
    }
}
