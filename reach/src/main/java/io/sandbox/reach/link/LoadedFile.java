// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import io.sandbox.reach.graph.CodeGraph;
import java.nio.file.Path;

/**
 * A file of a program.
 *
 * @param path as it was found, before links are followed
 * @param loader the file that needs it; null for the program itself
 * @param isLoadedByName whether the program loads it by itself (dlopen)
 * @param firstNode the number of its first node among those of all files
 */
public record LoadedFile(
        Path path, CodeGraph graph, LoadedFile loader, boolean isLoadedByName, int firstNode) {
    /** The number after its last node. */
    public int end() {
        return firstNode + graph.nodes();
    }

    public String name() {
        return path.getFileName().toString();
    }
}
