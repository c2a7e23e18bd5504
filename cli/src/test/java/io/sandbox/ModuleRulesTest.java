package io.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the rules of ARCHITECTURE.md: which packages may use what. */
class ModuleRulesTest {
    private static final Path ROOT = Path.of("..");

    private static final Set<String> NATIVE_SEAMS =
            Set.of("io.sandbox.recorder.log", "io.sandbox.recorder.source");

    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ModuleRulesTest::javaFiles)
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> packagesThatUse(String library) throws IOException {
        return mainSources().stream()
                .filter(file -> read(file).contains(library))
                .map(file -> read(file).lines().findFirst().orElse(""))
                .map(line -> line.replace("package ", "").replace(";", ""))
                .distinct()
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It costs each start 30 ms, so what runs without libseccomp runs without it. */
    @Test
    void jna_isUsedOnlyForLibseccomp() throws IOException {
        assertEquals(List.of("io.sandbox.enforcer.seccomp"), packagesThatUse("com.sun.jna"));
    }

    @Test
    void nativeMethods_areOnlyInNativeSeams() throws IOException {
        List<String> users = packagesThatUse("static native ");
        assertEquals(NATIVE_SEAMS, Set.copyOf(users));
    }

    @Test
    void picocli_isUsedOnlyInCliPackages() throws IOException {
        List<String> users = packagesThatUse("picocli");
        assertTrue(users.size() >= 1, "the rule must find its subjects: " + users);
        assertEquals(List.of(), users.stream().filter(p -> !p.endsWith(".cli")).toList());
    }

    /** They would cost each start 20 ms: Options declares the same. */
    @Test
    void picoclisAnnotations_areNotUsed() throws IOException {
        assertTrue(packagesThatUse("import picocli.CommandLine.Model.").size() >= 1);
        for (String annotation : List.of("Command", "Mixin", "Option", "Parameters", "Spec")) {
            String imported = "import picocli.CommandLine." + annotation + ";";
            assertEquals(List.of(), packagesThatUse(imported), annotation);
        }
    }

    @Test
    void auditParser_opensNothing() throws IOException {
        for (String forbidden :
                List.of("java.nio.file", "java.io.File", "java.net", "java.time.Clock")) {
            assertEquals(
                    List.of(),
                    packagesThatUse(forbidden).stream()
                            .filter(p -> p.equals("io.sandbox.audit"))
                            .toList(),
                    forbidden);
        }
    }
}
