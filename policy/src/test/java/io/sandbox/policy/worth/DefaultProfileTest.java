// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyIntersection;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The default profiles, and where a list is looser than they are. */
class DefaultProfileTest {
    private static final Circumstances HERE = Policies.here("x86_64", "6.12");

    private static PolicyDocument list(String text) {
        return Policies.read(text.replace(' ', '\n'));
    }

    private static Worth worth(PolicyDocument document) {
        return Worth.of(PolicyMeaning.of(document, HERE));
    }

    /** The numbers of docs/policies.md; those of Docker were first counted without this code. */
    @ParameterizedTest
    @CsvSource({"DOCKER, 69", "CONTAINERD, 69", "PODMAN, 14"})
    void document_ofEach_stopsAsManyExploits(DefaultProfile profile, int stopped) {
        assertEquals(stopped, worth(profile.document(HERE)).stopped());
    }

    /** What the upstream files say, read there by eye. */
    @Table
    void document_call_isDecidedAsUpstream(
            DefaultProfile profile, String arch, String call, String expected) {
        Circumstances here = Policies.here(arch, "6.12");
        assertEquals(
                expected,
                PolicyMeaning.of(profile.document(here), here)
                        .about(arch, new CallRef.Named(call))
                        .text());
    }

    @ParameterizedTest
    @EnumSource(DefaultProfile.class)
    void table_ofEach_namesItsVersionAndHasNoOtherWords(DefaultProfile profile) {
        PolicyDocument table = profile.table();
        assertEquals(2, table.comments().size());
        assertTrue(
                table.comments().get(1).matches(".* at [0-9a-f]{8} \\(20\\d\\d-\\d\\d-\\d\\d\\).*"),
                table.comments().get(1));
        assertTrue(table.rules().stream().allMatch(rule -> rule.note().reason().isEmpty()));
        assertTrue(table.rules().size() > 400);
    }

    private static String looser(DefaultProfile profile, String list) {
        List<Looser> found =
                Looser.between(profile.document(HERE), list(list), profile.inContainer(HERE));
        return String.join("; ", found.stream().map(each -> each.difference().subject()).toList());
    }

    @Table
    void between_list_namesTheCallsThatAreLooser(
            DefaultProfile profile, String list, String expected) {
        assertEquals(expected, looser(profile, list));
    }

    @Test
    void between_lists_sayWhatIsOpened() {
        List<Looser> found =
                Looser.between(
                        DefaultProfile.DOCKER.document(HERE), list("clone3 mount uretprobe"), HERE);
        assertEquals("opens: a new user namespace", found.get(0).about());
        assertTrue(found.get(1).about().startsWith("escape: "), found.get(1).about());
    }

    @Test
    void between_aPolicyThatLogs_isLooserAsAWhole() {
        PolicyDocument logging = list("read").onTrial();
        assertEquals(
                List.of("other calls", "calls of architectures not covered"),
                Looser.between(DefaultProfile.DOCKER.document(HERE), logging, HERE).stream()
                        .map(each -> each.difference().subject())
                        .limit(2)
                        .toList());
    }

    @Test
    void between_moreArchitectures_isLooser() {
        PolicyDocument wide = DefaultProfile.DOCKER.table();
        assertEquals(
                List.of("other architectures"),
                Looser.between(list("read"), list("read").withCoverage(wide.coverage()), HERE)
                        .stream()
                        .map(each -> each.difference().subject())
                        .toList());
    }

    /** What an intersection is for: nothing is looser than the default then. */
    @ParameterizedTest
    @EnumSource(DefaultProfile.class)
    void between_intersection_isNowhereLooser(DefaultProfile profile) {
        PolicyDocument bound = profile.document(HERE);
        PolicyDocument both =
                PolicyIntersection.of(
                        list(
                                "read clone clone3 unshare socket socket(arg0&0xffffffff==38) mount"
                                        + " bpf io_uring_setup personality setsockopt"),
                        bound,
                        HERE);
        assertEquals(List.of(), Looser.between(bound, both, profile.inContainer(HERE)));
        assertTrue(worth(both).stopped() >= worth(bound).stopped());
    }
}
