// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.testing;

import static io.sandbox.evidence.testing.Evidence.I386;
import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.policy;
import static io.sandbox.evidence.testing.Evidence.program;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Doubt;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.FailOn;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.HostEvidence;
import io.sandbox.evidence.drift.Readiness;
import io.sandbox.evidence.drift.Tolerance;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.text.Shipped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Results of checks with everything that a report must show. */
public final class Results {
    static final String POLICY = "# of prog\nwrite\nread\nsocket(arg0==1)\npipe(arg0==1)\n";

    /** Texts for each place that a program controls: a path, its arguments, a library. */
    public static final List<String> HOSTILE =
            List.of(
                    "/tmp/a\n::error file=x,line=1::owned",
                    "/tmp/a\r\n::error::owned%0A::error::twice",
                    "/tmp/\u001b[31mred\u001b]0;title\u0007",
                    "/tmp/]]></failure></testcase><owned/>",
                    "/tmp/<script>&amp;&lt;\"'--><!--",
                    "/tmp/`|[x](http://owned)![y](z)|\\| @owned #1 **b** __i__ <b>",
                    "/tmp/\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u009b31m",
                    "/tmp/\u2028\u2029\u202e\u2066\ufeff\ufffe\uffff\u200b",
                    "/tmp/\ud800lone\udc00\ud83d\ude00",
                    "/tmp/</code></pre>```\n```\n# owned",
                    "",
                    "x".repeat(100_000));

    public static CheckResult of(Recording recording, String failOn) {
        return of(Evidence.drift(recording, POLICY), failOn, Tolerance.NONE);
    }

    public static CheckResult of(Drift drift, String failOn, Tolerance tolerance) {
        Optional<String> update = Optional.of("sandbox check --update");
        return of(drift, failOn, tolerance, "prog.list", update, "a note");
    }

    private static CheckResult of(
            Drift drift,
            String failOn,
            Tolerance tolerance,
            String policyFile,
            Optional<String> update,
            String warning) {
        return new CheckResult(
                policyFile,
                "0.1.0",
                drift,
                FailOn.parse(failOn),
                tolerance,
                update,
                List.of(warning),
                Optional.empty(),
                Optional.empty(),
                Doubt::sentence);
    }

    /** Without an update, a warning or tolerance. */
    private static CheckResult plain(String policyFile, Drift drift, Optional<Readiness> asked) {
        return plain(policyFile, drift, asked, Optional.empty());
    }

    private static CheckResult plain(
            String policyFile, Drift drift, Optional<Readiness> asked, Optional<Gate> gate) {
        return new CheckResult(
                policyFile,
                "0.1.0",
                drift,
                FailOn.NEW,
                Tolerance.NONE,
                Optional.empty(),
                List.of(),
                asked,
                gate,
                Doubt::sentence);
    }

    /** Has new calls, native and foreign, with and without a name, and everything else. */
    public static CheckResult everything(String failOn) {
        Run first =
                Evidence.run(
                        "1",
                        new RunFilter(false, List.of("socket(arg0==1)")),
                        7,
                        new Verdict.Incomplete(3, List.of("3 records were dropped")),
                        program("/usr/bin/prog", X86_64, List.of(1, 22, 41, 101, 9999, -3)),
                        program("/usr/bin/old", I386, List.of(4)));
        return of(Recording.of(first), failOn);
    }

    public static CheckResult clean() {
        Drift drift = Evidence.drift(Evidence.calls("read", "write"), "read\nwrite\n");
        return plain("prog.list", drift, Optional.empty());
    }

    /** Of a policy that stops 71 known exploits. */
    public static CheckResult gated(int atLeast) {
        String list = "read\nwrite\nbpf\n";
        return plain(
                "prog.list",
                Evidence.drift(Evidence.calls("read", "write", "bpf"), list),
                Optional.empty(),
                Optional.of(Gate.of(atLeast, policy(list))));
    }

    /** Has calls about which somebody has decided. */
    public static CheckResult refused() {
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                        + "{\"call\": \"clone\", \"action\": \"allow\"},\n"
                        + "{\"call\": \"clone3\", \"action\": \"errno:ENOSYS\"},\n"
                        + "{\"call\": \"ptrace\", \"action\": \"errno:EPERM\"}]}";
        Drift drift = Evidence.drift(Evidence.calls("clone", "clone3", "ptrace"), policy);
        return plain("prog.json", drift, Optional.empty());
    }

    /** Of three hosts: one with canaries all the time, one with a gap, one without any. */
    public static CheckResult readiness() {
        Instant now = Instant.parse("2026-11-24T12:00:00Z");
        List<HostEvidence> hosts =
                List.of(
                        host("web1", "write", now, 160, 130, 100, 70, 40, 10),
                        host("web2", "ptrace", now, 160, 1),
                        host("web3", "read", now));
        Readiness.Demand demand =
                new Readiness.Demand(
                        now.minus(Duration.ofDays(8)),
                        now,
                        Duration.ofDays(7),
                        OptionalInt.empty());
        return plain(
                "prog.list",
                Readiness.drift(hosts, policy(POLICY)),
                Optional.of(Readiness.of(hosts, List.of(), demand)));
    }

    private static HostEvidence host(String name, String call, Instant now, long... hoursAgo) {
        List<Instant> canaries =
                Arrays.stream(hoursAgo).mapToObj(h -> now.minus(Duration.ofHours(h))).toList();
        return new HostEvidence(name, Evidence.calls(call), canaries);
    }

    /** Has a rule to whose call no code of the program leads. */
    public static CheckResult unreachable() {
        Drift drift = Evidence.drift(Evidence.calls("write"), "write\nread\n");
        return plain(
                "prog.list",
                drift.withUnused(drift.unused().stream().map(UnusedRule::withoutCode).toList()),
                Optional.empty());
    }

    /** A recording that has {@code text} wherever others control the text. */
    public static byte[] hostileRecording(String text) {
        String escaped =
                text.chars()
                        .mapToObj(each -> String.format("\\u%04x", each))
                        .collect(Collectors.joining());
        String recording = Shipped.text(Results.class, "hostile.json");
        if (text.isEmpty()) {
            recording = recording.replace("HOSTILE+0x1", "x+0x1");
            recording = recording.replaceFirst("(?<=\"source\" : \")HOSTILE", "audit");
        }
        return recording.replace("HOSTILE", escaped).getBytes(StandardCharsets.UTF_8);
    }

    public static CheckResult hostile(String text) {
        try {
            Recording recording = RecordingReader.read(hostileRecording(text));
            return told(recording, "new,unused", Optional.empty(), text);
        } catch (RecordingFormatException e) {
            throw new AssertionError(e);
        }
    }

    /** Has {@code text} where evidence suffices: in the proposal to update the policy. */
    public static CheckResult drifted(String text) {
        Run run = Evidence.run("1", program("/bin/x", X86_64, List.of(101)));
        return told(Recording.of(run), "new", Optional.of(text), text);
    }

    private static CheckResult told(
            Recording recording, String failOn, Optional<String> update, String text) {
        return of(Evidence.drift(recording, POLICY), failOn, Tolerance.NONE, text, update, text);
    }
}
