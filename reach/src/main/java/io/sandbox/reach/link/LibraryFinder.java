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
    private final Root root;
    private final LinkerCache cache;
    private final List<Path> usual = new ArrayList<>();

    /**
     * @param interpreter the dynamic linker of the program
     * @param libraryPath the value of LD_LIBRARY_PATH
     * @param root where all names of folders begin
     */
    LibraryFinder(Machine machine, Path interpreter, Optional<String> libraryPath, Root root) {
        this.machine = machine;
        this.libraryPath = libraryPath;
        this.root = root;
        musl = interpreter.getFileName().toString().startsWith("ld-musl");
        if (musl) {
            cache = LinkerCache.query(Path.of("/nonexistent"));
            Path list = Path.of("/etc/ld-musl-" + machine.word() + ".path");
            for (String folder : muslFolders(root.file(list))) {
                usual.add(Path.of(folder));
            }
        } else {
            cache = LinkerCache.query(root.file(Path.of("/etc/ld.so.cache")));
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

    /** {@code user}: the file that needs the library. */
    Optional<Path> find(String name, LoadedFile user) throws IOException {
        if (name.contains("/")) {
            Path path = root.file(Path.of(name));
            return fits(path) ? Optional.of(path) : Optional.empty();
        }
        List<Path> candidates = new ArrayList<>();
        Optional<String> runpath = user.graph().traits().runpath();
        if (runpath.isEmpty() || musl) {
            for (LoadedFile each = user; each != null; each = each.loader()) {
                addCandidates(candidates, name, each.graph().traits().rpath(), each);
            }
        }
        addCandidates(candidates, name, libraryPath, user);
        addCandidates(candidates, name, runpath, user);
        cache.find(name).forEach(path -> candidates.add(root.file(path)));
        usual.forEach(folder -> candidates.add(root.file(folder.resolve(name))));
        return candidates.stream().filter(this::fits).findFirst();
    }

    private void addCandidates(
            List<Path> candidates, String name, Optional<String> folders, LoadedFile user)
            throws IOException {
        for (String each : folders.orElse("").split("[:;]")) {
            if (!each.isEmpty()) {
                Path origin = origin(user);
                Optional<Path> inRoot = root.nameOf(origin);
                String ofOrigin = inRoot.orElse(origin).toString();
                String folder = each.replace("${ORIGIN}", ofOrigin).replace("$ORIGIN", ofOrigin);
                boolean isElsewhere = inRoot.isEmpty() && !folder.equals(each);
                String lib = "lib/" + machine.word() + "-linux-gnu";
                String path =
                        folder.replaceAll("\\$\\{LIB\\}|\\$LIB", lib)
                                .replaceAll("\\$\\{PLATFORM\\}|\\$PLATFORM", machine.word());
                Path candidate = Path.of(path, name);
                candidates.add(isElsewhere ? candidate : root.file(candidate));
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
