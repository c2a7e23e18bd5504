// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.text.Shipped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The profile that a container engine gives to containers for which the user names none. So it is
 * what a learned list replaces. The tables beside this class name their versions; {@code
 * scripts/update-profiles} makes them. A runtime without an engine gives none: crun loads only what
 * config.json has under {@code linux.seccomp} (libcrun_generate_seccomp in its seccomp.c), and the
 * config.json of {@code crun spec} (1.21) has nothing there. What Podman gives to crun is a file of
 * containers-common (github.com/containers/crun/issues/646).
 *
 * <p>nerdctl has containerd's, CRI-O has Podman's.
 */
public enum DefaultProfile {
    /** The capabilities are those of daemon/pkg/oci/caps/defaults.go of moby/moby. */
    DOCKER("Docker", "CAP_AUDIT_WRITE", "CAP_SYS_CHROOT"),

    /** The capabilities are those of pkg/oci/spec.go of containerd/containerd. */
    CONTAINERD("containerd", "CAP_AUDIT_WRITE", "CAP_SYS_CHROOT"),

    /** The capabilities are those of common/pkg/config/default.go of container-libs. */
    PODMAN("Podman", "CAP_SYS_CHROOT");

    private final String engine;
    private final List<String> capabilities;

    /** {@code capabilities}: those of a usual container on which a rule of a profile depends. */
    DefaultProfile(String engine, String... capabilities) {
        this.engine = engine;
        this.capabilities = List.of(capabilities);
    }

    public static Optional<DefaultProfile> byName(String word) {
        return Arrays.stream(values()).filter(each -> each.toString().equals(word)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code Docker's default}. */
    public String about() {
        return engine + "'s default";
    }

    /** These circumstances in a container that has at least the engine's usual capabilities. */
    public Circumstances inContainer(Circumstances here) {
        Set<String> all = new HashSet<>(here.capabilities());
        all.addAll(capabilities);
        return new Circumstances(here.arch(), all, here.kernel());
    }

    /** What the profile says under {@link #inContainer}. */
    public PolicyDocument document(Circumstances here) {
        return table().under(inContainer(here));
    }

    /** The whole profile; the comments name the version. */
    public PolicyDocument table() {
        String text = Shipped.text(DefaultProfile.class, this + ".json");
        return PolicyFormat.JSON.read(text.getBytes(StandardCharsets.UTF_8)).document();
    }
}
