// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import io.sandbox.reach.elf.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds a library by its name as ld.so(8) does: DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH, the cache of
 * ldconfig, the usual folders. For musl: the same without the cache, and its own list of folders.
 */
final class LibraryFinder {
    private final Machine machine;
    private final boolean musl;
    private final Optional<String> libraryPath;
    private final LinkerCache cache;
    private final List<Path> usual = new ArrayList<>();

    /**
     * @param interpreter the dynamic linker of the program
     * @param libraryPath the value of LD_LIBRARY_PATH
     */
    LibraryFinder(Machine machine, Path interpreter, Optional<String> libraryPath) {
        this.machine = machine;
        this.libraryPath = libraryPath;
        musl = interpreter.getFileName().toString().startsWith("ld-musl");
        if (musl) {
            cache = LinkerCache.query(Path.of("/nonexistent"));
            Path list = Path.of("/etc/ld-musl-" + machine.word() + ".path");
            for (String folder : muslFolders(list)) {
                usual.add(Path.of(folder));
            }
        } else {
            cache = LinkerCache.query(Path.of("/etc/ld.so.cache"));
            String triplet = machine.word() + "-linux-gnu";
            for (String folder :
                    List.of(
                            "/lib/" + triplet,
                            "/usr/lib/" + triplet,
                            "/lib64",
                            "/usr/lib64",
                            "/lib",
                            "/usr/lib")) {
                usual.add(Path.of(folder));
            }
        }
    }

    private static String[] muslFolders(Path list) {
        try {
            return Files.readString(list).trim().split("[:\n]+");
        } catch (IOException e) {
            return new String[] {"/lib", "/usr/local/lib", "/usr/lib"};
        }
    }

    /**
     * @param user the file that needs the library
     */
    Optional<Path> find(String name, LoadedFile user) throws IOException {
        if (name.contains("/")) {
            Path path = Path.of(name);
            return fits(path) ? Optional.of(path) : Optional.empty();
        }
        List<Path> folders = new ArrayList<>();
        Optional<String> runpath = user.graph().traits().runpath();
        if (runpath.isEmpty() || musl) {
            for (LoadedFile each = user; each != null; each = each.loader()) {
                addFolders(folders, each.graph().traits().rpath(), each);
            }
        }
        addFolders(folders, libraryPath, user);
        addFolders(folders, runpath, user);
        List<Path> candidates = new ArrayList<>();
        folders.forEach(folder -> candidates.add(folder.resolve(name)));
        candidates.addAll(cache.find(name));
        usual.forEach(folder -> candidates.add(folder.resolve(name)));
        return candidates.stream().filter(this::fits).findFirst();
    }

    private void addFolders(List<Path> folders, Optional<String> list, LoadedFile user)
            throws IOException {
        for (String each : list.orElse("").split("[:;]")) {
            if (!each.isEmpty()) {
                String origin = origin(user).toString();
                folders.add(
                        Path.of(
                                each.replace("${ORIGIN}", origin)
                                        .replace("$ORIGIN", origin)
                                        .replaceAll(
                                                "\\$\\{LIB\\}|\\$LIB",
                                                "lib/" + machine.word() + "-linux-gnu")
                                        .replaceAll(
                                                "\\$\\{PLATFORM\\}|\\$PLATFORM", machine.word())));
            }
        }
    }

    /** The kernel tells the path of the program, without links; of a library, it is as found. */
    private static Path origin(LoadedFile user) throws IOException {
        Path path =
                user.loader() == null
                        ? user.path().toRealPath()
                        : user.path().toAbsolutePath().normalize();
        return path.getParent();
    }

    /** The dynamic linker passes over files of other machines. */
    private boolean fits(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Machine.isOf(in.readNBytes(20), machine);
        } catch (IOException e) {
            return false;
        }
    }
}
