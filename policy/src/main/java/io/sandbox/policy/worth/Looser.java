// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Something that one policy lets through and another refuses.
 *
 * @param difference what the other policy says, and what this one says
 * @param about what that opens, in plain words; empty if that is nothing of note
 */
public record Looser(PolicyDifference difference, String about) {
    /**
     * Where a policy is looser than another one: first what is about more than one call, then what
     * opens a class of what calls do, then what has a risk, then the rest.
     */
    public static List<Looser> between(
            PolicyDocument bound, PolicyDocument policy, Circumstances here) {
        PolicyMeaning strict = PolicyMeaning.of(bound, here);
        PolicyMeaning loose = PolicyMeaning.of(policy, here);
        ClassDifference classes = new ClassDifference(strict, loose);
        List<Looser> found = new ArrayList<>();
        for (PolicyDifference each : PolicyDifference.between(bound, policy, here)) {
            String subject = each.subject();
            if (isCall(subject)
                    ? letsThroughMore(strict, loose, call(subject))
                    : isLooserAsAWhole(subject, bound, policy, here)) {
                String opens = classes.about(subject);
                found.add(new Looser(each, opens.isEmpty() ? risk(subject) : opens));
            }
        }
        found.sort(Comparator.comparing(Looser::rank));
        return List.copyOf(found);
    }

    private int rank() {
        if (!isCall(difference.subject())) {
            return 0;
        }
        return about.startsWith(ClassDifference.OPENS) ? 1 : about.isEmpty() ? 3 : 2;
    }

    private static boolean isLooserAsAWhole(
            String subject, PolicyDocument bound, PolicyDocument policy, Circumstances here) {
        return switch (subject) {
            case PolicyDifference.OTHERS ->
                    policy.otherwise().passes() && !bound.otherwise().passes();
            case PolicyDifference.ARCHITECTURES ->
                    !bound.coverage()
                            .archesOn(here.arch())
                            .containsAll(policy.coverage().foreignOn(here.arch()));
            case PolicyDifference.FOREIGN -> policy.logsForeign();
            default -> false;
        };
    }

    private static boolean isCall(String subject) {
        return subject.indexOf(' ') < 0 && !subject.equals(PolicyDifference.LISTENER);
    }

    private static CallRef call(String subject) {
        return Character.isDigit(subject.charAt(0))
                ? new CallRef.Numbered(Integer.parseInt(subject))
                : new CallRef.Named(subject);
    }

    private static boolean letsThroughMore(
            PolicyMeaning strict, PolicyMeaning loose, CallRef call) {
        for (List<Condition> where : loose.passing(call)) {
            if (strict.outcomes(call, where).stream().anyMatch(outcome -> !outcome.passes())) {
                return true;
            }
        }
        return false;
    }

    private static String risk(String subject) {
        return SyscallDb.get().facts(subject).flatMap(SyscallFacts::warning).orElse("");
    }
}
