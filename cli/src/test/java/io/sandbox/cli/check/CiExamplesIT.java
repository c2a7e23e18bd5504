// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The action, and the jobs of examples/ci, run as they are printed. */
@NeedsQuietLog
final class CiExamplesIT {
    private static final Path EXAMPLES = Path.of("../examples");

    @TempDir private Path folder;

    @BeforeEach
    void requireKernel() throws IOException {
        LiveKernel.requireRoot();
    }

    @Test
    void githubAction_annotatesSummarisesAndOffersTheNewPolicy() throws Exception {
        Map<?, ?> jobs = (Map<?, ?>) yaml("ci/github-actions.yml").get("jobs");
        List<?> steps = (List<?>) ((Map<?, ?>) jobs.get("check")).get("steps");
        Map<?, ?> given = (Map<?, ?>) ((Map<?, ?>) steps.get(2)).get("with");
        Map<?, ?> inputs = (Map<?, ?>) yaml("../action.yml").get("inputs");
        String variables =
                inputs.keySet().stream()
                        .map(
                                name ->
                                        String.format(
                                                "export SANDBOX_%s='%s'\n",
                                                name.toString().toUpperCase(Locale.ROOT),
                                                Objects.toString(given.get(name), "")))
                        .collect(Collectors.joining());
        String build = (String) ((Map<?, ?>) steps.get(1)).get("run");
        String action = Path.of("../scripts/action").toRealPath().toString();
        String runner =
                "export RUNNER_TEMP=$PWD GITHUB_OUTPUT=$PWD/out GITHUB_STEP_SUMMARY=$PWD/summary\n";
        String script = build + "\n" + variables + runner + action + "\n";

        Finished drift = runExample(script).assertStatus(1);
        assertTrue(
                drift.out()
                        .matches(
                                "hello, tests\n::error file=examples/greet/greet.policy,line=5,"
                                        + "title=System call uname::.*\n"),
                drift::toString);
        assertTrue(read("summary").contains("| `uname` |"));
        assertTrue(
                read("summary")
                        .matches("(?s).*The policy leaves 1 of 79 .*calls, it leaves 1 of .*"));
        Map<String, String> outputs =
                read("out")
                        .lines()
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(line -> line[0], line -> line[1]));
        assertEquals("true", outputs.get("drift"));
        assertTrue(Files.readString(Path.of(outputs.get("policy"))).contains("uname"));
        assertTrue(
                Files.readString(Path.of(outputs.get("sarif")))
                        .contains("\"uri\" : \"examples/greet/greet.policy\""));

        // A pull request that changes the policy accepts the call.
        String accepted = "cp " + outputs.get("policy") + " examples/greet/greet.policy\n";
        runExample(accepted + script).assertStatus(0);
        runExample("rm examples/greet/greet.policy\n" + script).assertStatus(0);
        assertTrue(read("summary").contains("There is no `examples/greet/greet.policy` yet"));
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void gitlabJob_isRunAsItIsPrinted() throws Exception {
        Map<?, ?> job = (Map<?, ?>) yaml("ci/gitlab-ci.yml").get("check-system-calls");
        List<String> lines = new ArrayList<>();
        ((List<?>) job.get("script")).forEach(line -> lines.add((String) line));
        runExample(String.join("\n", lines)).assertStatus(1);
        String junit = Files.readString(folder.resolve("examples/greet/drift.xml"));
        assertTrue(junit.contains("failures=\"1\" errors=\"0\""), junit);
    }

    private static Map<?, ?> yaml(String name) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(name));
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    /** Runs with the pull request's change, as nobody: the jobs need no privilege. */
    private Finished runExample(String script) throws Exception {
        LiveKernel.requireProgram("make");
        LiveKernel.requireProgram("patch");
        Path example = Files.createDirectories(folder.resolve("examples/greet"));
        for (String file : List.of("greet.c", "greet.policy", "Makefile", "pull-request.patch")) {
            Files.copy(
                    EXAMPLES.resolve("greet").resolve(file),
                    example.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        String change = "patch -sp1 <pull-request.patch && chown -R 65534:65534 ../..";
        Child.of("sh -c %s", change).in(example).run().assertStatus(0);
        List<String> job = new ArrayList<>(Learn.nobody());
        String quietly = "set -e\nmake() { command make -s \"$@\"; }\n";
        job.addAll(List.of("/bin/sh", "-c", quietly + script));
        Path dist = Dist.command("sandbox-check").getParent();
        String path = dist + ":" + System.getenv("PATH");
        return Child.of(job).with("PATH", path).in(folder).run();
    }
}
