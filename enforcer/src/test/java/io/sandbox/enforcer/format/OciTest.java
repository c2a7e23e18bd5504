// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.document.Listener;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.policy.ActionText;
import io.sandbox.enforcer.testing.RandomDocuments;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Actions of container profiles that leave a decision to others, or that return something odd. */
class OciTest {
    private static Reading read(String profile) {
        return PolicyFormat.readAny(profile.getBytes(StandardCharsets.UTF_8));
    }

    private static String profile(String action) {
        return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
                + " \"action\": "
                + action
                + "}]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'SCMP_ACT_ERRNO', 'errnoRet': 0|errno:0|",
                "'SCMP_ACT_ERRNO', 'errnoRet': 5000|errno:5000|line 1: syscalls[0].errnoRet: 5000:"
                        + " container runtimes do not start with it; the kernel would take it for"
                        + " 4095",
                "'SCMP_ACT_ERRNO', 'errnoRet': 65574|errno:ENOSYS|line 1: syscalls[0].errnoRet:"
                        + " 65574: only the last 16 bits have a meaning",
                "'SCMP_ACT_TRACE', 'errnoRet': 7|trace:7|",
                "'SCMP_ACT_TRACE', 'args': []|trace:1|",
                "'SCMP_ACT_NOTIFY', 'args': []|notify|",
            })
    void read_action_isKeptAndWritten(String action, String expected, String loss) {
        Reading reading = read(profile(action.replace("'", "\"")));
        assertEquals(expected, ActionText.format(reading.document().rules().get(0).action()));
        assertEquals(
                loss == null ? List.of() : List.of(loss),
                reading.losses().stream().map(Loss::toString).toList());
        for (PolicyFormat format : List.of(PolicyFormat.OCI, PolicyFormat.JSON)) {
            Writing writing = format.write(reading.document(), RandomDocuments.HERE);
            assertEquals(List.of(), writing.losses());
            assertEquals(
                    reading.document().rules().get(0).action(),
                    read(writing.text()).document().rules().get(0).action());
        }
        boolean usual = expected.equals("errno:ENOSYS");
        assertEquals(
                usual ? 0 : 1,
                PolicyFormat.ENV.write(reading.document(), RandomDocuments.HERE).losses().stream()
                        .filter(told -> told.toString().endsWith("in place of " + expected))
                        .count());
    }

    /** A rule for read with one condition on one of its arguments. */
    private static String overlapping(int argument, String operator, String action) {
        return "{'names': ['read'], 'action': 'SCMP_ACT_%s', 'args': [{'index': %d, 'value': 1, 'op': 'SCMP_CMP_%s'}]}"
                .formatted(action, argument, operator)
                .replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|EQ|1|EQ|1|container runtimes test them in another order than that of the file:"
                        + " first read(arg1==1)",
                "1|EQ|0|EQ|1|",
                "0|LE|0|EQ|0|container runtimes test them in another order than that of the file:"
                        + " first read(arg0==1)",
                "0|NE|1|NE|0|libseccomp refuses them or merges them wrongly; here the first counts",
                "0|EQ|0|EQ|0|libseccomp refuses them or merges them wrongly; here the first counts",
            })
    void read_rulesThatOverlap_decideAsInLibseccomp(
            int one, String operator, int other, String second, int first, String told) {
        Reading reading =
                read(
                        "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": ["
                                + overlapping(one, operator, "ALLOW")
                                + ","
                                + overlapping(other, second, "LOG")
                                + "]}");
        String losses = reading.losses().toString();
        assertEquals(told == null ? "[]" : "[read: its rules overlap, and " + told + "]", losses);
        assertEquals(first, reading.document().rules().get(0).conditions().get(0).argument());
    }

    @Test
    void read_listener_isKeptAndItsLossTold() {
        Reading reading =
                read(
                        "{\"defaultAction\": \"SCMP_ACT_NOTIFY\", \"listenerPath\": \"/run/a\","
                                + " \"listenerMetadata\": \"b\"}");
        assertEquals(Optional.of(new Listener("/run/a", "b")), reading.document().listener());
        Writing writing = PolicyFormat.OCI.write(reading.document(), RandomDocuments.HERE);
        assertEquals(reading.document(), read(writing.text()).document());
        assertEquals(
                List.of(
                        "listener /run/a (b): is left out",
                        "other calls: gets errno:ENOSYS in place of notify"),
                PolicyFormat.ENV.write(reading.document(), RandomDocuments.HERE).losses().stream()
                        .map(Loss::toString)
                        .toList());
    }
}
