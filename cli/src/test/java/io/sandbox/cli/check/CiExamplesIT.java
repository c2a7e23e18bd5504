// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The jobs of examples/ci, run as they are printed. */
@NeedsQuietLog
final class CiExamplesIT {
    private static final Path EXAMPLE = Path.of("../examples/greet");
    private static final Path CI = Path.of("../examples/ci");

    @TempDir private Path folder;

    @BeforeEach
    void requireKernel() throws IOException {
        LiveKernel.requireRoot();
    }

    @Test
    void githubStep_isRunAsItIsPrinted() throws Exception {
        Finished run = runExample(githubStep()).assertStatus(1);
        assertTrue(
                run.out().matches("::error file=greet.policy,line=5,title=System call uname::.*\n"),
                run::out);
        Path example = folder.resolve("examples/greet");
        assertTrue(
                Files.readString(example.resolve("drift.sarif"))
                        .contains("\"uri\" : \"greet.policy\""));
        assertTrue(Files.readString(example.resolve("drift.md")).contains("| `uname` |"));
    }

    @Test
    void gitlabJob_isRunAsItIsPrinted() throws Exception {
        Map<?, ?> job = (Map<?, ?>) yaml("gitlab-ci.yml").get("check-system-calls");
        List<String> lines = new ArrayList<>();
        ((List<?>) job.get("script")).forEach(line -> lines.add((String) line));
        runExample(String.join("\n", lines)).assertStatus(1);
        String junit = Files.readString(folder.resolve("examples/greet/drift.xml"));
        assertTrue(junit.contains("failures=\"1\" errors=\"0\""), junit);
    }

    private static Map<?, ?> yaml(String name) throws IOException {
        String text = Files.readString(CI.resolve(name));
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static String githubStep() throws IOException {
        Map<?, ?> jobs = (Map<?, ?>) yaml("github-actions.yml").get("jobs");
        List<?> steps = (List<?>) ((Map<?, ?>) jobs.get("check")).get("steps");
        StringBuilder script = new StringBuilder();
        for (Object step : steps) {
            Object name = ((Map<?, ?>) step).get("name");
            if ("Build".equals(name) || "Check the policy".equals(name)) {
                script.append(((Map<?, ?>) step).get("run")).append('\n');
            }
        }
        return script.toString();
    }

    /** Runs with the pull request's change, as nobody: the jobs need no privilege. */
    private Finished runExample(String script) throws Exception {
        LiveKernel.requireProgram("make");
        LiveKernel.requireProgram("patch");
        Path example = Files.createDirectories(folder.resolve("examples/greet"));
        for (String file : List.of("greet.c", "greet.policy", "Makefile", "pull-request.patch")) {
            Files.copy(EXAMPLE.resolve(file), example.resolve(file));
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
