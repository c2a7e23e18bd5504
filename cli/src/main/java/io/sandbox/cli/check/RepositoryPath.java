// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files as a forge names them: below the root of their repository, wherever the command runs. */
final class RepositoryPath {
    private RepositoryPath() {}

    /** Returns {@code file} itself if it is in no repository of git. */
    static String of(String file) {
        Path path = Path.of(file).toAbsolutePath().normalize();
        Path folder = Files.exists(path) ? path.getParent() : null;
        while (folder != null) {
            // In a further work tree and in a submodule, it is a file.
            if (Files.exists(folder.resolve(".git"))) {
                return folder.relativize(path).toString();
            }
            folder = folder.getParent();
        }
        return file;
    }
}
