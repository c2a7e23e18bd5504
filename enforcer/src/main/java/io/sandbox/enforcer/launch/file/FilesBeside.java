// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.IncludedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads files that policies include: relative to the including file. A file that is not at its
 * absolute place, since it is not installed yet, may lie beside the including one.
 */
public final class FilesBeside implements IncludedFiles {
    private final Path first;
    private boolean asked;

    /** {@code first}: the file that includes others. */
    public FilesBeside(Path first) {
        this.first = first;
    }

    @Override
    public boolean isThere(String path, String from, List<String> folders) {
        return Files.exists(find(path, from, folders));
    }

    @Override
    public Included read(String path, String from, List<String> folders) {
        Path file = find(path, from, folders);
        try (RegularFile regular = RegularFile.open(file)) {
            byte[] bytes = FileHead.readWhole(regular.path(), FileHead.POLICY_LIMIT);
            boolean inFolder = folders.contains(String.valueOf(file.getParent()));
            boolean asWritten = inFolder || file.equals(wanted(path, from));
            return new Included(file.toString(), bytes, asWritten);
        } catch (IOException e) {
            throw PolicyFormatException.ofWhole(file + ": " + FileFailure.reason(e));
        }
    }

    public boolean wereAsked() {
        return asked;
    }

    private Path including(String from) {
        return from.isEmpty() ? first : Path.of(from);
    }

    private Path wanted(String path, String from) {
        return including(from).resolveSibling(path).normalize();
    }

    /** The first place where the file is; if there is none, the one that is written. */
    private Path find(String path, String from, List<String> folders) {
        asked = true;
        Path wanted = wanted(path, from);
        List<Path> places = new ArrayList<>(List.of(wanted));
        if (path.indexOf('/') < 0) {
            folders.forEach(folder -> places.add(Path.of(folder, path)));
        } else {
            places.add(including(from).resolveSibling(path.substring(path.lastIndexOf('/') + 1)));
        }
        return places.stream().filter(Files::exists).findFirst().orElse(wanted);
    }
}
