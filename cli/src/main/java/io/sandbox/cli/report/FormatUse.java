// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.policy.format.PolicyFormat;

/** How the policy of a file FILE is put in force, or where the file belongs. */
final class FormatUse {
    private FormatUse() {}

    static String of(PolicyFormat format) {
        return switch (format) {
            case ENV ->
                    "eval its content in a shell, export the variable, and set LD_PRELOAD to"
                            + " libsandbox.so";
            case ENVFILE ->
                    "docker run --env-file FILE, with libsandbox.so and LD_PRELOAD in the"
                            + " container";
            case LIST, JSON -> "sandbox run --policy FILE PROGRAM";
            case SECCOMPILER -> "seccompiler-bin compiles it for firecracker --seccomp-filter";
            case OCI ->
                    "podman run --security-opt seccomp=FILE IMAGE. "
                            + runtime("oci", "Docker and containerd");
            case SPO -> "kubectl apply -f FILE. " + runtime("spo", "containerd");
            case SYSTEMD ->
                    "/etc/systemd/system/UNIT.d/seccomp.conf, then systemctl daemon-reload and"
                            + " systemctl restart UNIT";
            case FIREJAIL -> "firejail --profile=FILE PROGRAM";
            case MINIJAIL -> "minijail0 -S FILE PROGRAM";
            case KAFEL ->
                    "nsjail --seccomp_policy FILE -- PROGRAM. It also needs execve, which nsjail"
                            + " calls under the filter";
        };
    }

    private static String runtime(String format, String withRunc) {
        return String.format(
                "It also needs the calls of the runtime: sandbox policy convert --to %s --runtime"
                        + " crun FILE -o NEW adds them (runc in place of crun for %s)",
                format, withRunc);
    }
}
