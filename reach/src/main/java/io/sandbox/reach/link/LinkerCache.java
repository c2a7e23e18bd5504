// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cache that ldconfig(8) makes (glibc, elf/cache.c): names of libraries with their paths. */
final class LinkerCache {
    private static final String MAGIC = "glibc-ld.so.cache1.1";
    private static final int HEADER_SIZE = 48;
    private static final int ENTRY_SIZE = 24;

    /** Where the path of each library is in the file. Few of them are asked for. */
    private final Map<String, List<Integer>> places = new HashMap<>();

    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /** Empty if the file is missing or has another form, as without glibc. */
    static LinkerCache query(Path file) {
        LinkerCache cache = new LinkerCache();
        try {
            cache.parse(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder()));
        } catch (IOException | IndexOutOfBoundsException e) {
            cache.places.clear();
        }
        return cache;
    }

    private void parse(ByteBuffer content) {
        bytes = content;
        if (!MAGIC.equals(
                new String(bytes.array(), 0, MAGIC.length(), StandardCharsets.US_ASCII))) {
            return;
        }
        int count = bytes.getInt(MAGIC.length());
        for (int i = 0; i < count; i++) {
            int entry = HEADER_SIZE + i * ENTRY_SIZE;
            // Variants for certain processors are left out: they make the same calls.
            if (bytes.getLong(entry + 16) == 0) {
                places.computeIfAbsent(text(bytes.getInt(entry + 4)), key -> new ArrayList<>())
                        .add(bytes.getInt(entry + 8));
            }
        }
    }

    private String text(int at) {
        int end = at;
        while (bytes.get(end) != 0) {
            end++;
        }
        return new String(bytes.array(), at, end - at, StandardCharsets.UTF_8);
    }

    /** Libraries of any architecture with this name. */
    List<Path> find(String name) {
        List<Path> paths = new ArrayList<>();
        try {
            for (int place : places.getOrDefault(name, List.of())) {
                paths.add(Path.of(text(place)));
            }
        } catch (IndexOutOfBoundsException e) {
            paths.clear();
        }
        return paths;
    }
}
