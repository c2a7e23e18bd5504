// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.PolicyFile;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import java.util.List;
import java.util.Optional;

/** Reads assignments to our environment variables, with quotes or without. */
record EnvReader(boolean quoted) implements FormatReader {
    @Override
    public Fit fit(UnknownText text) {
        return quoted == text.firstLine().contains("\"")
                ? text.fitOfLines(line -> line.startsWith(PolicyFile.PREFIX))
                : Fit.NONE;
    }

    @Override
    public Reading read(String text, Surroundings around) {
        Optional<Policy> policy;
        try {
            policy = PolicyEnvironment.parse(PolicyFile.parse(text)).policy();
        } catch (PolicySyntaxException e) {
            throw PolicyFormatException.at(lineOf(text, e.source().orElse("")), e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw PolicyFormatException.ofWhole(e.getMessage());
        }
        if (policy.isEmpty()) {
            throw PolicyFormatException.ofWhole(
                    String.format(
                            "neither %s nor %s is set",
                            PolicyEnvironment.ALLOW, PolicyEnvironment.DENY));
        }
        return new Reading(document(text, policy.get()), List.of());
    }

    private static PolicyDocument document(String text, Policy policy) {
        PolicyDocument document = PolicyDocument.of(policy);
        Note note = Note.at(lineOf(text, PolicyEnvironment.variable(policy.mode())));
        List<Rule> rules = document.rules().stream().map(rule -> rule.withNote(note)).toList();
        NoteLines comments = new NoteLines('#');
        text.lines().forEach(comments::take);
        return document.withRules(rules).withComments(comments.ofFile());
    }

    private static int lineOf(String text, String variable) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(variable + "=")) {
                return i + 1;
            }
        }
        return 1;
    }
}
