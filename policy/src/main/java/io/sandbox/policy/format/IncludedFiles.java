// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import java.util.Objects;

/** Reads the files that a policy includes. */
@FunctionalInterface
public interface IncludedFiles {
    /** For a text that has no place in the file system. */
    IncludedFiles NONE =
            (path, from) -> {
                throw PolicyFormatException.ofWhole("no files are read here (put them into one)");
            };

    /**
     * @param path as the including file writes it
     * @param from the including file, as {@link Included#file} names it; empty for the first
     * @throws PolicyFormatException if it cannot be read
     */
    Included read(String path, String from);

    /**
     * A file that was read.
     *
     * @param file its name, for messages and for files that it includes
     * @param asWritten whether it was at the place where the including file says
     */
    record Included(String file, byte[] bytes, boolean asWritten) {
        public Included {
            Objects.requireNonNull(file, "file");
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }
    }
}
