// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.recorder.machine.NodeContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeListsTest {
    @TempDir Path folder;

    private void plant(String name, Run run) throws IOException {
        Path file = folder.resolve("recordings").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, RecordingWriter.write(Recording.of(run)));
    }

    @Test
    void readAll_filesThatAreNotOfPods_areLeftOut() throws IOException {
        Run run = Evidence.run("one");
        plant("stray.json", run);
        plant("shop/web/nginx/stray.json", run);
        plant("shop/web/nginx/deeper/web-1_1.json", run);
        NodeLists lists =
                new NodeLists(folder, List.of(), AtMost.NOTHING, true, new Console("test"));
        lists.readAll();
        lists.recorded(new NodeContainer("1", "shop", "web-0", "nginx", "", false), run, false);
        assertEquals(
                "shop/web/nginx\t1\t1\tcomplete",
                Files.readAllLines(folder.resolve("workloads.tsv")).get(1));
    }
}
