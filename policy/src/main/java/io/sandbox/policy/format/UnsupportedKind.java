// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.PolicyFormatException.Advice;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kinds of files that users take for policies, and that none of our readers reads. */
enum UnsupportedKind {
    EXECUTABLE("\\A\u007fELF", "an executable, and no policy", Advice.LEARN),
    RECORDING(
            "\\A\\s*\\{\\s*\"format\"\\s*:\\s*\"sandbox-recording\"",
            "a recording, and no policy",
            Advice.MAKE_POLICY),
    AUDIT_LOG(
            "(?m)^(node=\\S+ )?type=[A-Z]+ .*audit\\([0-9.]+:[0-9]+\\)", "a log", Advice.COUNT_LOG),
    STRACE("\\A([0-9]+ +)?[a-z][a-z0-9_]*\\(.*\\) += ", "output of strace, and no policy"),
    LXC(
            "\\A[12]\\s*\n\\s*(allowlist|denylist|whitelist|blacklist)",
            "a seccomp policy of LXC, which is not read"),
    ANDROID(
            "(?m)^[a-z][a-z0-9_ *]{1,60}[ *][a-z_0-9]{1,60}(:[a-z_0-9]+)*\\(.*\\)\\s+"
                    + "(all|arm|arm64|x86|x86_64|lp32|lp64|riscv64)",
            "a list of Android's C library, which is not read"),
    APPARMOR(
            "(?m)^\\s*(profile\\s+\\S+.*\\{|abi <abi/|#?include <tunables/)",
            "a profile of AppArmor, which says nothing of system calls"),
    SNAPD(
            "(?m)^(@(unrestricted|complain)[ \t]*$|socket +[AP]F_|setpriority +PRIO_|prctl +PR_"
                    + "|ioctl +- |quotactl +Q_|bpf +BPF_|mknod(at)? +- |l?f?chown.* [ug]:)",
            "a template or profile of snapd, which is not read"),
    NSJAIL(
            "\\A(?s)(?!.*^[ \\t]*seccomp_(string|policy_file)[ \\t]*:)"
                    + ".*^(?-s)(mode[ \\t]*:[ \\t]*[A-Z]+|(uidmap|gidmap|exec_bin)[ \\t]*\\{)",
            "a configuration of nsjail without a policy"),
    KUBERNETES(
            "\\A(?s)(?!.*kind:\\s*[\"']?SeccompProfile).*?^(?-s)kind:\\s*[\"']?([A-Z][A-Za-z]+)",
            "a Kubernetes object of kind %s (only SeccompProfile is read)"),
    UNIT(
            "\\A(?s)(?!.*^[ \\t]*SystemCallFilter)"
                    + ".*^(?-s)\\[(Unit|Service|Socket|Mount|Swap)\\]\\s*$",
            "a unit of systemd without SystemCallFilter=");

    private final Pattern sign;
    private final String words;
    private final Optional<Advice> advice;

    UnsupportedKind(String sign, String words) {
        this(sign, words, null);
    }

    UnsupportedKind(String sign, String words, Advice advice) {
        this.sign = Pattern.compile(sign, Pattern.MULTILINE);
        this.words = words;
        this.advice = Optional.ofNullable(advice);
    }

    /** Throws {@link PolicyFormatException} if the text is of one of these kinds. */
    static void refuse(String text) {
        for (UnsupportedKind kind : values()) {
            Matcher matcher = kind.sign.matcher(text);
            if (matcher.find()) {
                String what =
                        kind == KUBERNETES
                                ? String.format(kind.words, matcher.group(1))
                                : kind.words;
                throw PolicyFormatException.ofWhole(what).with(kind.advice);
            }
        }
    }
}
