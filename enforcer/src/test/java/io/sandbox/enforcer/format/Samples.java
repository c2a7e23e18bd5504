package io.sandbox.enforcer.format;

/** A text of each format that has all that the format has. */
final class Samples {
    private Samples() {}

    static String of(PolicyFormat format) {
        return switch (format) {
            case ENV ->
                    "# why\nSECCOMP_SYSCALL_ALLOW=\"read:write(arg0==1,arg2&0xf==2)\"\n"
                            + "SECCOMP_DEFAULT_ACTION=\"errno:EPERM\"\n";
            case ENVFILE -> "SECCOMP_SYSCALL_DENY=ptrace:500\nSECCOMP_LOG_DENIALS=1\n";
            case LIST -> "# of the file\n\n# above\nread\nwrite(arg0==1) # why\n500\n";
            case JSON ->
                    """
                    {"sandboxPolicy": 1, "comments": ["é"], "default": "errno:EPERM",
                     "architecturesOf": {"x86_64": ["i386"]}, "missing": "ignore", "log": true,
                     "rules": [
                       {"call": "read", "if": ["arg0==1", "arg0&3==1"], "action": "allow",
                        "arches": ["x86_64"], "notCaps": ["CAP_BPF"], "minKernel": "4.8",
                        "reason": "why", "comments": ["a", "b"]},
                       {"call": "500", "action": "kill"}]}
                    """;
            case OCI ->
                    """
                    {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
                     "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                                  "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}],
                     "flags": ["SECCOMP_FILTER_FLAG_LOG"],
                     "syscalls": [
                       {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
                       {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "comment": "é",
                        "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}],
                        "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390"]}},
                       {"names": ["ptrace"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                        "includes": {"minKernel": "4.8"}}]}
                    """;
            case SPO ->
                    """
                    ---
                    apiVersion: security-profiles-operator.x-k8s.io/v1beta1
                    kind: SeccompProfile
                    metadata: {name: "é"}
                    spec:
                      defaultAction: "SCMP_ACT_ERRNO"
                      architectures: [SCMP_ARCH_X86_64]
                      syscalls:
                      - action: SCMP_ACT_ALLOW
                        names:
                        - read
                        args: [{index: 0, value: 1, op: SCMP_CMP_EQ}]
                      - {names: [ptrace], action: SCMP_ACT_ERRNO, errnoRet: "38"}
                    """;
            case SYSTEMD ->
                    """
                    # why
                    [Service]
                    ExecStart=/bin/true
                    SystemCallFilter=
                    SystemCallFilter=~ptrace mount:EPERM \\
                    ; between
                      reboot:kill
                    SystemCallFilter=reboot
                    SystemCallErrorNumber=ENOSYS
                    SystemCallArchitectures=native x86
                    """;
            case FIREJAIL ->
                    """
                    # why
                    quiet
                    seccomp.drop @clock,ptrace:ENOSYS,mount:kill,$500,!stime
                    seccomp-error-action ENOENT
                    seccomp.block-secondary
                    """;
            case MINIJAIL ->
                    """
                    # of the file

                    # above
                    read: 1 # why
                    {write, writev}: arg0 in 0x3 && arg1 != 5 || \\
                      arg2 & (PROT_EXEC|0x2); return ENOENT
                    open: { arg1 == 0; allow, return EPERM }
                    500: kill-thread
                    @default trap
                    """;
        };
    }
}
