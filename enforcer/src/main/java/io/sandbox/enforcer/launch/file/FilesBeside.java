// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.IncludedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that policies include: relative to the including file. A file that is not at its
 * absolute place, since it is not installed yet, may lie beside the including one.
 */
public final class FilesBeside implements IncludedFiles {
    /** Larger than any policy. */
    private static final int LIMIT = 16 << 20;

    private final Path first;

    /**
     * @param first the file that includes others
     */
    public FilesBeside(Path first) {
        this.first = first;
    }

    @Override
    public Included read(String path, String from) {
        Path including = from.isEmpty() ? first : Path.of(from);
        Path wanted = including.resolveSibling(path).normalize();
        Path beside = including.resolveSibling(wanted.getFileName());
        boolean missing = !Files.exists(wanted) && Files.exists(beside);
        Path file = missing ? beside : wanted;
        try (RegularFile regular = RegularFile.open(file);
                InputStream in = Files.newInputStream(regular.path())) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw PolicyFormatException.ofWhole(file + ": too large for a policy");
            }
            return new Included(file.toString(), bytes, !missing);
        } catch (IOException e) {
            throw PolicyFormatException.ofWhole(file + ": " + FileFailure.reason(e));
        }
    }
}
