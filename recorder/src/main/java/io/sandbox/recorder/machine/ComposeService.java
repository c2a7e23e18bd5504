// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A service of a compose file.
 *
 * @param privileged whether its containers have no seccomp filter
 * @param ownProfile whether the file names a seccomp profile for it
 * @param restarts whether its containers may start again after their end
 */
public record ComposeService(
        String name, boolean privileged, boolean ownProfile, boolean restarts) {
    /** As text, also if there is no such setting. */
    private static final Set<String> NEVER = Set.of("no", "none", "", "null");

    /**
     * The services of a project, in the order of the text.
     *
     * @param project what {@code docker compose config --format json} prints
     * @throws IllegalArgumentException if it has another form
     */
    public static List<ComposeService> parse(String project) {
        List<ComposeService> found = new ArrayList<>();
        try {
            if (!(JsonObject.parse(project).get("services") instanceof Map<?, ?> services)) {
                throw new IllegalArgumentException("services: not an object");
            }
            services.forEach((name, fields) -> found.add(of((String) name, fields)));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
        return found;
    }

    private static ComposeService of(String name, Object value) {
        if (!(value instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("services." + name + ": not an object");
        }
        boolean own =
                fields.get("security_opt") instanceof Collection<?> options
                        && options.stream().anyMatch(each -> isSeccomp(String.valueOf(each)));
        boolean privileged = Boolean.TRUE.equals(fields.get("privileged"));
        return new ComposeService(name, privileged, own, restarts(fields));
    }

    /** Compose takes an older setting, or else one of its deployment. */
    private static boolean restarts(Map<?, ?> fields) {
        Object deployed =
                fields.get("deploy") instanceof Map<?, ?> deploy
                                && deploy.get("restart_policy") instanceof Map<?, ?> policy
                        ? policy.get("condition")
                        : null;
        return Stream.of(fields.get("restart"), deployed)
                .map(String::valueOf)
                .anyMatch(condition -> !NEVER.contains(condition));
    }

    /** Compose also takes the older form, with a colon. */
    private static boolean isSeccomp(String option) {
        return option.startsWith("seccomp=") || option.startsWith("seccomp:");
    }
}
