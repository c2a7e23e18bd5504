// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DecisionFileTest {
    private static final Decision REFUSED = new Decision(Action.errno(38), false, "no\u001b need");

    @TempDir private Path folder;

    private DecisionFile file() {
        return new DecisionFile(folder.resolve("p.review"));
    }

    private static Finding finding() {
        return new Finding(
                Evidence.drift(Evidence.calls("ptrace"), "read\n").calls().get(0),
                List.of("arg0==1"),
                Optional.empty());
    }

    private String text() throws IOException {
        return Files.readString(folder.resolve("p.review"));
    }

    @Test
    void decisions_areReadAsTheyWereWritten_andForNobodyElse() throws IOException {
        assertEquals(List.of(), file().read());
        file().write(Map.of(finding(), REFUSED));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("p.review"))));
        DecisionFile.Kept kept = file().read().get(0);
        assertTrue(kept.isAbout(finding()));
        assertEquals(REFUSED, kept.decision());
        assertEquals(finding().basis(), kept.basis());
        file().write(Map.of());
        assertFalse(Files.exists(folder.resolve("p.review")));
    }

    @Table
    void damagedFile_isRefusedWithTheReason(String old, String now, String word)
            throws IOException {
        file().write(Map.of(finding(), REFUSED));
        Files.writeString(folder.resolve("p.review"), text().replace(old, now));
        CommandFailure e = assertThrows(CommandFailure.class, () -> file().read());
        assertTrue(e.getMessage().contains("p.review: not decisions of sandbox review: "));
        assertTrue(e.getMessage().contains(word), e::getMessage);
    }

    private static String refusal(Runnable step) {
        return assertThrows(CommandFailure.class, step::run).getMessage();
    }

    /** Otherwise the decisions of another user would look like those of root. */
    @Test
    void fileOfAnotherUser_isRefused() throws IOException {
        file().write(Map.of(finding(), REFUSED));
        try {
            Files.setAttribute(folder.resolve("p.review"), "unix:uid", 65534);
        } catch (FileSystemException e) {
            assumeTrue(false, "only root can give a file away");
        }
        String message = refusal(file()::read);
        assertTrue(message.endsWith("is another user's (--decisions takes another file)"), message);
    }

    @Test
    void whatIsNoFileOrTooLarge_isRefusedAtOnce() throws Exception {
        Path place = folder.resolve("p.review");
        new ProcessBuilder("mkfifo", place.toString()).start().waitFor();
        assertTrue(refusal(file()::requireWritable).endsWith("not a regular file"));
        assertTrue(refusal(file()::read).contains("p.review: not a regular file"));
        Files.delete(place);
        try (FileChannel sparse =
                FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap(new byte[] {1}), 300L << 30);
        }
        assertTrue(refusal(file()::read).contains("p.review: too large"));
    }
}
