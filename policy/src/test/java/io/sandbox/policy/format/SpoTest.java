// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the Security Profiles Operator with several profiles. */
class SpoTest {
    private static String profile(String name, String rest) {
        return """
        kind: SeccompProfile
        metadata:
          name: %s
        spec:
          defaultAction: SCMP_ACT_ERRNO
        %s---
        """
                .formatted(name, rest.indent(2));
    }

    private static String calls(String... names) {
        return "syscalls:\n- action: SCMP_ACT_ALLOW\n  names: [" + String.join(", ", names) + "]\n";
    }

    private static Reading read(String text, String part) {
        Surroundings around =
                new Surroundings("x86_64", IncludedFiles.NONE, Map.of(), Optional.ofNullable(part));
        return PolicyFormat.readAny(text.getBytes(StandardCharsets.UTF_8), around);
    }

    private static String subjects(Reading reading) {
        return String.join(
                " ", reading.document().rules().stream().map(rule -> rule.subject()).toList());
    }

    private static List<String> losses(Reading reading) {
        return reading.losses().stream().map(Loss::toString).toList();
    }

    /** The CRD of version 1.0.0 has an integer. We wrote a text before. */
    @ParameterizedTest
    @CsvSource({"38, errno:ENOSYS", "'\"38\"', errno:ENOSYS", "0, errno:EPERM"})
    void read_errnoRet_isAnIntegerOrAText(String written, String action) {
        String calls = "syscalls:\n- {action: SCMP_ACT_ERRNO, names: [mount], errnoRet: %s}\n";
        Reading reading = read(profile("app", calls.formatted(written)), null);
        assertEquals(action, ActionText.format(reading.document().rules().get(0).action()));
    }

    @Test
    void write_errnoRet_isAnInteger() {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"errno:EPERM\", \"rules\": [{\"call\":"
                        + " \"mount\", \"action\": \"errno:ENOSYS\"}, {\"call\": \"umount2\","
                        + " \"action\": \"errno\"}, {\"call\": \"ptrace\", \"action\":"
                        + " \"errno:0\"}]}";
        Writing writing =
                PolicyFormat.SPO.write(
                        PolicyFormat.JSON.read(json.getBytes(StandardCharsets.UTF_8)).document(),
                        RandomDocuments.HERE);
        assertTrue(writing.text().contains("errnoRet: 38\n"), writing.text());
        // The operator leaves 0 out, and the runtime then takes EPERM.
        assertEquals(
                List.of("ptrace: gets errno:EPERM in place of errno:0"),
                writing.losses().stream().map(Loss::toString).toList());
    }

    @Test
    void read_baseInTheSameFile_isAPart() {
        String text =
                profile("base", calls("read"))
                        + "kind: ConfigMap\n---\n"
                        + profile("app", "baseProfileName: base\n" + calls("write"));
        assertEquals("write read", subjects(read(text, null)));
        assertEquals(List.of(), losses(read(text, null)));
        assertEquals("read", subjects(read(text, "base")));
    }

    @Test
    void read_baseElsewhere_isTold() {
        Reading reading = read(profile("app", "baseProfileName: runc\n" + calls("write")), null);
        assertEquals(
                List.of("baseProfileName: the rules of runc are not in this file"),
                losses(reading));
    }

    @Test
    void read_profilesOnEachOther_end() {
        String text =
                profile("a", "baseProfileName: b\n" + calls("read"))
                        + profile("b", "baseProfileName: a\n" + calls("write"));
        assertEquals("read write", subjects(read(text, "a")));
        assertEquals(List.of("baseProfileName: a builds on itself"), losses(read(text, "a")));
    }

    @Test
    void read_severalProfiles_oneMustBeChosen() {
        String text = profile("a", calls("read")) + profile("b", calls("write"));
        assertEquals("write", subjects(read(text, "b")));
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text, null));
        assertEquals("has 2 profiles: a, b", e.getMessage());
        e = assertThrows(PolicyFormatException.class, () -> read(text, "c"));
        assertEquals("c: no such profile in this file", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "names: [true]|line 7: spec.syscalls[0].names[0]: expected a text",
                "action: true|line 7: spec.syscalls[0].action: expected a text",
                "includes: x|line 7: spec.syscalls[0].includes: expected an object with keys",
                "x: [|line 9: not YAML: expected",
                "a: b: c|line 7: not YAML: mapping values are not allowed here",
                "? [a]~  : b|line 7: a key that is not a text",
            })
    void read_mistake_isRefusedWithItsLine(String member, String expected) {
        String other =
                (member.startsWith("names") ? "" : "  names: [read]\n")
                        + (member.startsWith("action") ? "" : "  action: SCMP_ACT_ALLOW\n");
        String text = profile("a", "syscalls:\n- " + member.replace('~', '\n') + "\n" + other);
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text, null));
        assertTrue(e.getMessage().startsWith(expected), e.getMessage());
        assertTrue(e.getMessage().length() > "line 7: not YAML: ".length(), e.getMessage());
    }

    @Test
    void read_nesting_isLimited() {
        String deep = "kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_LOG\n  x-a: ";
        assertEquals(
                List.of(), read(deep + "[".repeat(62) + "]".repeat(62), null).document().rules());
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () -> read(deep + "[".repeat(63) + "]".repeat(63), null));
        assertTrue(e.getMessage().startsWith("line 4: nested too deeply"), e.getMessage());
    }
}
