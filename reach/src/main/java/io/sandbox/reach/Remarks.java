// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import io.sandbox.syscalldb.IoUringOperation;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an answer does not cover, as far as the files show it.
 *
 * @param chain as {@link Script#chain} has it
 */
record Remarks(LoadedProgram loaded, Search search, List<Path> chain) {
    /** How the names of runtimes begin whose programs are no machine code, with their language. */
    private static final Map<Pattern, String> RUNTIMES =
            Map.of(
                    Pattern.compile("(lib)?python"), "Python",
                    Pattern.compile("(lib)?perl"), "Perl",
                    Pattern.compile("(lib)?ruby"), "Ruby",
                    Pattern.compile("php"), "PHP",
                    Pattern.compile("liblua"), "Lua",
                    Pattern.compile("libj(li|vm)"), "Java",
                    Pattern.compile("(lib)?node|libmozjs"), "JavaScript",
                    Pattern.compile("libguile"), "Guile",
                    Pattern.compile("libLLVM"), "code that LLVM makes");

    /** How the names of programs begin that make the calls of others: emulators. */
    private static final Pattern EMULATORS =
            Pattern.compile(
                    "qemu-(?!system|img|nbd|io|ga|pr-helper|storage|edid|bridge).*"
                            + "|(memcheck|cachegrind|callgrind|helgrind|drd|massif|dhat|lackey|none"
                            + "|exp-bbv|getoff)-[a-z0-9]+-linux"
                            + "|valgrind(\\.bin)?|box(64|86)");

    /** On all architectures. */
    private static final int IO_URING_SETUP = 425;

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
                .filter(each -> each.getKey().matcher(file.name()).lookingAt())
                .findFirst()
                .map(Map.Entry::getValue);
    }
}
