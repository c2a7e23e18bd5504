// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EmptySource;

/** What runtimes and engines say of containers. */
final class RunningContainerTest {
    /** No runtime knows it. */
    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir private Path root;

    @Test
    void answers_haveIdAndProcess() {
        RunningContainer web = new RunningContainer("web", 7);
        assertEquals(Optional.of(web), RunningContainer.ofLine("web 7\n"));
        assertEquals(Optional.empty(), RunningContainer.ofLine("no such container"));
        assertEquals(Optional.empty(), RunningContainer.ofLine(""));
        String state = "{\"id\": \"web\", \"pid\": 7, \"status\": \"running\"}";
        assertEquals(Optional.of(web), RunningContainer.ofState(state));
        assertEquals(Optional.empty(), RunningContainer.ofState("{\"id\": \"web\"}"));
        assertEquals(Optional.empty(), RunningContainer.ofState("error"));
    }

    @Table
    void cgroup_isTheOneWithTheId(String path) {
        String groups = "1:name=systemd:/x0123456789ab\n0::" + path + "/container/init.scope\n";
        assertEquals(Optional.of(path), RunningContainer.folderOf("0123456789ab", groups));
    }

    /** The container shares it with whoever started it. */
    @Table
    void cgroup_ofOthers_isNotThatOfTheContainer(String path) {
        assertEquals(Optional.empty(), RunningContainer.folderOf("web", "0::" + path + "\n"));
        assertEquals(Optional.empty(), RunningContainer.folderOf("user", "0::" + path + "\n"));
        assertEquals(Optional.empty(), RunningContainer.folderOf("web", "1:x:/0::/web\n"));
    }

    @Test
    void unknownId_isFoundIfOnlyOneCgroupHasIt() throws IOException {
        Path own = Files.createDirectories(root.resolve("pods/cri-containerd-" + ID + ".scope/x"));
        Files.createDirectories(root.resolve("a/libpod-conmon-" + ID + ".scope"));
        assertEquals(own.getParent(), RunningContainer.cgroup(ID.substring(0, 12), root));
        Files.createDirectories(root.resolve("a/" + ID));
        CommandFailure twice =
                assertThrows(CommandFailure.class, () -> RunningContainer.cgroup(ID, root));
        assertTrue(twice.getMessage().contains("not unique"), twice.getMessage());
    }

    /** Another user may do this in his cgroup. */
    @Test
    void foldersThatComeAndGo_doNotDisturbTheSearch() throws Exception {
        Path own = Files.createDirectories(root.resolve("z/" + ID));
        AtomicBoolean over = new AtomicBoolean();
        Thread other = new Thread(() -> makeAndRemove(over));
        other.start();
        try {
            for (int i = 0; i < 300; i++) {
                assertEquals(own, RunningContainer.find(ID, root).first());
            }
        } finally {
            over.set(true);
            other.join();
        }
    }

    private void makeAndRemove(AtomicBoolean over) {
        try {
            while (!over.get()) {
                for (int i = 0; i < 20; i++) {
                    Files.createDirectories(root.resolve("a/" + i + "/b/c"));
                }
                for (int i = 0; i < 20; i++) {
                    Files.delete(root.resolve("a/" + i + "/b/c"));
                    Files.delete(root.resolve("a/" + i + "/b"));
                    Files.delete(root.resolve("a/" + i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An older runtime knows no such subcommand, or says nothing of flags. */
    @Table
    void features_sayThatTheFlagIsThere(String text, boolean flag) {
        assertEquals(flag, ContainerRuntime.parseFeatures(text));
    }

    @Test
    void crun_asksAboutAll_othersHideSome() {
        assertEquals(List.of(), new ContainerRuntime("/usr/bin/crun", false).unseen());
        ContainerRuntime runc = new ContainerRuntime("/usr/sbin/runc", false);
        assertEquals("runc", runc.name());
        assertTrue(runc.unseen().containsAll(List.of("fcntl", "read", "rt_sigreturn", "write")));
        assertFalse(runc.asksByDefault());
    }

    @Table
    void services_haveWhatDecidesAboutTheirFilter(String services, String found) {
        String project = "{\"name\": \"shop\", \"services\": {" + services + "}}";
        assertEquals(found, ComposeService.parse(project).toString());
    }

    @Table
    @EmptySource
    void otherForms_areRefused(String project) {
        assertThrows(IllegalArgumentException.class, () -> ComposeService.parse(project));
    }

    /** CRI-O copies the annotations of a pod, which its author chooses. */
    @Table
    void annotations_areOfAContainerOfThatRuntime(String notes, boolean ofCriO, String container)
            throws IOException {
        byte[] text = ("{'annotations': {" + notes + "}}").replace('\'', '"').getBytes(UTF_8);
        Optional<NodeContainer> found = NodeContainer.parse("1", text, ofCriO);
        assertEquals(container, found.map(NodeContainer::toString).orElse("none"));
    }

    @Table
    @EmptySource
    void annotations_notAnObject_areRefused(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThrows(IOException.class, () -> NodeContainer.parse("1", bytes, true));
    }
}
