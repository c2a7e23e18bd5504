// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import io.sandbox.syscalldb.IoUringOperation;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an answer does not cover, as far as the files show it. */
final class Remarks {
    /** Names of runtimes, with their language, whose programs are no machine code. */
    private static final Map<String, String> RUNTIMES = new LinkedHashMap<>();

    static {
        RUNTIMES.put("libpython", "Python");
        RUNTIMES.put("python", "Python");
        RUNTIMES.put("libperl", "Perl");
        RUNTIMES.put("perl", "Perl");
        RUNTIMES.put("libruby", "Ruby");
        RUNTIMES.put("ruby", "Ruby");
        RUNTIMES.put("php", "PHP");
        RUNTIMES.put("liblua", "Lua");
        RUNTIMES.put("libjli", "Java");
        RUNTIMES.put("libjvm", "Java");
        RUNTIMES.put("node", "JavaScript");
        RUNTIMES.put("libnode", "JavaScript");
        RUNTIMES.put("libmozjs", "JavaScript");
        RUNTIMES.put("libguile", "Guile");
        RUNTIMES.put("libLLVM", "code that LLVM makes");
    }

    /** How the names of programs begin that make the calls of others: emulators. */
    private static final Pattern EMULATORS =
            Pattern.compile(
                    "qemu-(?!system|img|nbd|io|ga|pr-helper|storage|edid|bridge).*"
                            + "|(memcheck|cachegrind|callgrind|helgrind|drd|massif|dhat|lackey|none"
                            + "|exp-bbv|getoff)-[a-z0-9]+-linux"
                            + "|valgrind(\\.bin)?|box(64|86)");

    /** On all architectures. */
    private static final int IO_URING_SETUP = 425;

    private final LoadedProgram loaded;
    private final Search search;
    private final List<Path> chain;

    /** {@code chain}: as {@link Script#chain} has it. */
    Remarks(LoadedProgram loaded, Search search, List<Path> chain) {
        this.loaded = loaded;
        this.search = search;
        this.chain = chain;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (chain.size() > 2) {
            sentences.add(
                    String.format(
                            "its interpreter %s is itself a script, so the code of %s was read: ask"
                                    + " about the program that %s starts",
                            chain.get(1), chain.get(2), chain.get(1).getFileName()));
        }
        for (String name : loaded.missing()) {
            sentences.add("the library " + name + " was not found, so its calls are missing");
        }
        String unseen = ", which can make calls that no machine code of these files shows";
        loaded.files().stream()
                .flatMap(file -> runtime(file).stream())
                .findFirst()
                .ifPresent(language -> sentences.add("it runs " + language + unseen));
        if (EMULATORS.matcher(loaded.program().name()).matches()) {
            sentences.add("it passes on the calls of the programs that it runs, whatever they are");
        }
        if (search.reaches("dlopen")) {
            sentences.add(
                    "it can load libraries by name (dlopen): only those that were named or"
                            + " recorded are read");
        }
        if (search.reaches("dlsym") || search.reaches("dlvsym")) {
            sentences.add(
                    "it can look up functions by name (dlsym): only names that stand in the files"
                            + " which do so are followed");
        }
        if (search.numbers().containsKey(IO_URING_SETUP)) {
            sentences.add(
                    "it can use io_uring, whose operations are no calls: they are not followed"
                            + preparations());
        }
        return sentences;
    }

    /** In programs of C, these functions are code of the program, and have no names any more. */
    private String preparations() {
        String names =
                SyscallDb.get().ioUringOperations().stream()
                        .map(IoUringOperation::name)
                        .filter(each -> search.reaches("io_uring_prep_" + each))
                        .collect(Collectors.joining(" "));
        return names.isEmpty() ? "" : ", and among them are: " + names;
    }

    /** What the program interprets, by its name. */
    Optional<String> language() {
        return runtime(loaded.program());
    }

    private static Optional<String> runtime(LoadedFile file) {
        return RUNTIMES.entrySet().stream()
                .filter(each -> file.name().startsWith(each.getKey()))
                .findFirst()
                .map(Map.Entry::getValue);
    }
}
