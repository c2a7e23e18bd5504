// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads the files that a policy includes. Their number and depth are limited. */
final class Inclusions {
    private static final String LOCAL = ".local";
    private static final int MAX_FILES = 1000;

    private final IncludedFiles files;
    private final String directive;
    private final int maxDepth;
    private final List<String> folders;
    private final List<Loss> losses = new ArrayList<>();
    private int count;

    /**
     * @param directive the word that includes a file, for messages
     * @param maxDepth how deep files may include others; the first file has the depth 1
     */
    Inclusions(IncludedFiles files, String directive, int maxDepth) {
        this(files, directive, maxDepth, List.of());
    }

    /** {@code folders}: where to look for a file that is not beside the including one. */
    Inclusions(IncludedFiles files, String directive, int maxDepth, List<String> folders) {
        this.files = files;
        this.directive = directive;
        this.maxDepth = maxDepth;
        this.folders = List.copyOf(folders);
    }

    /** Takes a file if it is there: a user may add files .local (firejail-profile(5)). */
    void takeIfThere(
            String path, String from, int line, int depth, BiConsumer<String, String> reader) {
        if (!path.endsWith(LOCAL) || files.isThere(path, from, folders)) {
            take(path, from, line, depth, reader);
        }
    }

    /**
     * Reads a file.
     *
     * @param path as the including file writes it
     * @param from the including file; empty for the first
     * @param line of the including file
     * @param depth of the including file
     * @param reader takes the text and the name of the file; its mistakes get that name
     */
    void take(String path, String from, int line, int depth, BiConsumer<String, String> reader) {
        try {
            if (depth == maxDepth) {
                throw PolicyFormatException.ofWhole("more than " + maxDepth + " files deep");
            }
            if (++count > MAX_FILES) {
                throw PolicyFormatException.ofWhole("more than " + MAX_FILES + " files");
            }
            IncludedFiles.Included found = files.read(path, from, folders);
            if (!found.asWritten()) {
                losses.add(
                        new Loss(
                                "line " + line + ": " + directive + " " + ShownValue.of(path),
                                "is not there; " + ShownValue.of(found.file()) + " is read"));
            }
            String text = FileText.decode(found.bytes());
            try {
                reader.accept(text, found.file());
            } catch (PolicyFormatException e) {
                throw PolicyFormatException.ofWhole(
                                ShownValue.of(found.file()) + ": " + e.getMessage())
                        .with(e.advice());
            }
        } catch (PolicyFormatException e) {
            throw PolicyFormatException.at(line, directive + ": " + e.getMessage())
                    .with(e.advice());
        }
    }

    /** Files that were found at another place than written. */
    List<Loss> losses() {
        return losses;
    }
}
