// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import java.util.List;

/** Reads the files that a policy includes. */
@FunctionalInterface
public interface IncludedFiles {
    /** For a text that has no place in the file system. */
    IncludedFiles NONE =
            (path, from, folders) -> {
                throw PolicyFormatException.ofWhole("no files are read here (put them into one)");
            };

    /**
     * @param path as the including file writes it
     * @param from the including file, as {@link Included#file} names it; empty for the first
     * @param folders where to look for a name without a folder that is not beside it
     * @throws PolicyFormatException if it cannot be read
     */
    Included read(String path, String from, List<String> folders);

    /** Whether there is such a file, or none can be looked for. */
    default boolean isThere(String path, String from, List<String> folders) {
        return true;
    }

    /**
     * A file that was read.
     *
     * @param file its name, for messages and for files that it includes
     * @param asWritten whether it was at the place where the including file says
     */
    record Included(String file, byte[] bytes, boolean asWritten) {
        public Included {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }
    }
}
