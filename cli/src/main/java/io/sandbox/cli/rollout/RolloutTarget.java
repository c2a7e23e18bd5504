// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.rollout;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.recorder.machine.Systemd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The one file that a roll-out changes: a drop-in of a service, or what others load.
 *
 * @param name of a service, or the path of a file
 */
record RolloutTarget(boolean isUnit, String name) {
    private static final int LIMIT = 16 << 20;

    /** A drop-in has the name that {@code sandbox learn-service} proposes. */
    Path file() {
        return isUnit ? Path.of("/etc/systemd/system", name + ".d", "sandbox.conf") : Path.of(name);
    }

    /** Whether the program is in a container, so that its path says nothing here. */
    boolean isElsewhere() {
        return listFormat().isForRuntimes();
    }

    private ListFormat listFormat() {
        ListFormat format = ListFormat.ofFile(file());
        // Of all formats in JSON, others load this one.
        return format == ListFormat.JSON ? ListFormat.OCI : format;
    }

    /** Throws {@link CommandFailure} for a format that has no text. */
    PolicyFormat format() {
        return PolicyFormat.byName(listFormat().toString())
                .orElseThrow(() -> failure("not a text, in which a policy can be put on trial"));
    }

    /**
     * A policy of the target's own format, with all that only this format says; empty for others.
     *
     * @param mild whether refused calls get an error
     */
    Optional<byte[]> taken(byte[] policy, boolean mild) {
        if (mild && !isUnit) {
            return Optional.empty();
        }
        try {
            format().read(policy);
        } catch (PolicyFormatException e) {
            return Optional.empty();
        }
        String more = mild ? "\n[Service]\nSystemCallErrorNumber=EPERM\n" : "";
        byte[] text = Arrays.copyOf(policy, policy.length + more.length());
        System.arraycopy(
                more.getBytes(StandardCharsets.US_ASCII), 0, text, policy.length, more.length());
        return Optional.of(text);
    }

    Optional<byte[]> content() {
        try {
            return hasFolder() ? ResultFile.readOwn(file(), LIMIT) : Optional.empty();
        } catch (IOException e) {
            throw failure(FileFailure.reason(e));
        }
    }

    boolean hasFolder() {
        return Files.isDirectory(file().toAbsolutePath().getParent());
    }

    static String hash(byte[] content) {
        return UUID.nameUUIDFromBytes(content).toString();
    }

    /** Refuses to lose what others have written. {@code known}: hashes of what may be there. */
    void requireUnchanged(Optional<byte[]> before, List<String> known) {
        Optional<byte[]> now = content();
        boolean fine =
                now.isEmpty()
                        || known.contains(hash(now.get()))
                        || before.isPresent() && Arrays.equals(before.get(), now.get());
        if (!fine) {
            throw failure(
                    "somebody else has changed it since the last step (move it away, and try"
                            + " again)");
        }
    }

    /** Puts a text in place of what is there, at once. */
    void write(byte[] text) {
        Optional<byte[]> now = content();
        try {
            if (isUnit) {
                ResultFile.makeFolders(file().getParent());
            }
        } catch (IOException e) {
            throw failure(FileFailure.reason(e));
        }
        try (ResultOutput output = ResultOutput.open(file())) {
            if (now.isPresent()) {
                output.update(now.get(), text);
            } else {
                output.write(text);
            }
        }
        reload();
    }

    /** Puts back what was there, even if we were killed while we wrote. */
    void putBack(Optional<byte[]> before, boolean hadFolder) {
        try {
            ResultFile.removeLeftovers(file());
            if (before.isPresent()) {
                write(before.get());
                return;
            }
            Files.deleteIfExists(file());
            if (isUnit && !hadFolder && hasFolder() && isEmpty(file().getParent())) {
                Files.delete(file().getParent());
            }
        } catch (IOException e) {
            throw failure(FileFailure.reason(e));
        }
        reload();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private void reload() {
        if (isUnit) {
            Systemd.SYSTEM.run("daemon-reload");
        }
    }

    private CommandFailure failure(String reason) {
        return CommandFailure.ownFailure(file() + ": " + reason);
    }
}
