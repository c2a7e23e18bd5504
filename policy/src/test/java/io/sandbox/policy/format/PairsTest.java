// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From each format to each other: whatever is decided differently in the end was told. */
class PairsTest {
    private static final long SEED = Long.getLong("sandbox.seed", 20261125);
    private static final int DOCUMENTS = 12 * Integer.getInteger("sandbox.fuzz.times", 1);
    private static final int CALLS = 60;

    /** Subjects of losses that are about more than one call. */
    private static final List<String> GENERAL =
            List.of("other calls", "refused calls", "calls that no table has");

    private static boolean tells(Loss loss, Call call) {
        String name = call.call().toString();
        return GENERAL.contains(loss.subject())
                || loss.subject().equals(name)
                || loss.subject().startsWith(name + "(");
    }

    private static boolean anyAbout(List<Loss> losses, String word) {
        return losses.stream().anyMatch(loss -> loss.toString().contains(word));
    }

    private static void assertTold(
            PolicyDocument before,
            PolicyDocument after,
            List<Loss> losses,
            RandomDocuments random) {
        for (int i = 0; i < CALLS; i++) {
            Call call = random.call(before);
            Action was = call.verdict(before, RandomDocuments.HERE);
            Action is = call.verdict(after, RandomDocuments.HERE);
            assertTrue(
                    was.equals(is) || losses.stream().anyMatch(loss -> tells(loss, call)),
                    () -> call.call() + " was " + was + ", is " + is + ": " + losses + before);
        }
        assertTrue(
                before.logDenials() == after.logDenials() || anyAbout(losses, "logged"),
                losses::toString);
        assertTrue(
                before.logsForeign() == after.logsForeign()
                        || anyAbout(losses, "calls of other architectures")
                        || anyAbout(losses, "in place of log"),
                () -> losses + before.toString());
        assertTrue(
                before.listener().equals(after.listener()) || anyAbout(losses, "listener"),
                losses::toString);
        String arch = RandomDocuments.HERE.arch();
        assertTrue(
                before.coverage().foreignOn(arch).equals(after.coverage().foreignOn(arch))
                        || anyAbout(losses, "calls of "),
                losses::toString);
    }

    private static Optional<Writing> write(PolicyFormat to, PolicyDocument document) {
        if (to == PolicyFormat.SYSTEMD && document.isOnTrial()) {
            return Optional
                    .empty(); // SystemCallLog= refuses nothing, so it is not read as a policy
        }
        try {
            return Optional.of(to.write(document, RandomDocuments.HERE));
        } catch (PolicyFormatException e) {
            return Optional.empty(); // such as a list of what is refused
        }
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    void convert_toEachFormat_tellsWhatDiffers(PolicyFormat from) {
        RandomDocuments random =
                new RandomDocuments(
                        SEED, RoundTripTest.features(from), RoundTripTest.refusals(from));
        int written = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument document =
                    RoundTripTest.reread(from, RoundTripTest.sayable(from, random.next()));
            for (PolicyFormat to : PolicyFormat.values()) {
                Optional<Writing> writing = write(to, document);
                if (writing.isPresent()) {
                    written++;
                    byte[] text = writing.get().text().getBytes(StandardCharsets.UTF_8);
                    Reading reading = PolicyFormat.readAny(text);
                    List<Loss> losses = new ArrayList<>(writing.get().losses());
                    losses.addAll(reading.losses()); // minijail's two compilers differ
                    assertTold(document, reading.document(), losses, random);
                }
            }
        }
        assertTrue(written > DOCUMENTS * 9, "written: " + written);
    }
}
