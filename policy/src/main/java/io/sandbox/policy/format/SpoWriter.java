// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a {@code SeccompProfile} for all OCI runtimes; the user should change its name. */
final class SpoWriter implements FormatWriter {
    private static final String HEAD =
            """
            apiVersion: security-profiles-operator.x-k8s.io/v1beta1
            kind: SeccompProfile
            metadata:
              name: sandbox
            spec:
            """;

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        OciTree tree = new OciTree(document, here, false);
        StringBuilder out = new StringBuilder(HEAD);
        appendMembers(out, tree.build(), "  ", "  ");
        return new Writing(out.toString(), tree.losses());
    }

    /** The operator leaves out an errnoRet of 0, and the runtime then takes EPERM. */
    @Override
    public boolean says(Action action) {
        return !action.equals(Action.errno(0)) && !action.equals(new Action.Trace(0));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.LISTENER);
    }

    /**
     * @param first text before the first member; {@code indent} is the text before the others
     */
    private static void appendMembers(
            StringBuilder out, Map<?, ?> map, String first, String indent) {
        String before = first;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            out.append(before).append(member.getKey()).append(':');
            appendValue(out, member.getValue(), indent);
            before = indent;
        }
    }

    private static void appendValue(StringBuilder out, Object value, String indent) {
        if (!(value instanceof List<?> list)) {
            out.append(' ').append(scalar(value)).append('\n');
        } else if (list.isEmpty()) {
            out.append(" []\n");
        } else {
            out.append('\n');
            for (Object item : list) {
                if (item instanceof Map<?, ?> map) {
                    appendMembers(out, map, indent + "- ", indent + "  ");
                } else {
                    out.append(indent).append("- ").append(scalar(item)).append('\n');
                }
            }
        }
    }

    /** Names of calls, actions and architectures need no quotes. */
    private static String scalar(Object value) {
        String text = value.toString();
        boolean plain = !(value instanceof String) || text.matches("[A-Za-z_][A-Za-z0-9_]*");
        return plain && !text.matches("(?i)null|true|false|yes|no|on|off|y|n")
                ? text
                : JsonText.quoted(text);
    }
}
