// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What policies of several formats decide about calls of x86_64 and of others. */
class PolicyMeaningTest {
    private static final String LIST = "read~write(arg0==1)~write(arg0==2)";
    private static final String WITH_I386 =
            """
            {"sandboxPolicy": 1, "default": "errno:EPERM", "architectures": ["i386"], "rules": [
            {"call": "read", "action": "allow"},
            {"call": "waitpid", "action": "allow"}]}
            """;

    private static PolicyMeaning meaning(String text) {
        return PolicyMeaning.of(Policies.read(text.replace('~', '\n')), RandomDocuments.HERE);
    }

    private static CallRef call(String name) {
        return PolicyText.parseEntries(name).get(0).call();
    }

    private static String ruling(Ruling ruling) {
        return ruling.extent() + " " + String.join(":", ruling.entries()) + " " + ruling.text();
    }

    @Table
    void about_call_isWhatItsFirstRuleThatHoldsSays(String policy, String name, String expected) {
        PolicyMeaning meaning = meaning(policy);
        assertEquals(expected, ruling(meaning.about("x86_64", call(name))));
    }

    @Test
    void about_architectureThatIsNotCovered_isRefused() {
        assertEquals(
                "NEVER  kill: the policy is not about calls of i386",
                ruling(meaning("read").about("i386", call("read"))));
        assertEquals(
                "NEVER  log: the policy is not about calls of i386",
                ruling(
                        meaning("SECCOMP_DEFAULT_ACTION=log~SECCOMP_SYSCALL_ALLOW=read")
                                .about("i386", call("read"))));
        assertEquals(
                "NEVER  kill: the policy is not about calls of arm",
                ruling(meaning(WITH_I386).aboutUnnameable("arm")));
    }

    /** 3 is read there, and close here; waitpid is 7 there, and no call here. */
    @Test
    void about_architectureThatIsCovered_hasNamesOfItsOwn() {
        PolicyMeaning meaning = meaning(WITH_I386);
        assertEquals("x86_64", meaning.arch());
        assertEquals("ALWAYS  allow", ruling(meaning.about("i386", call("3"))));
        assertEquals("NEVER  errno:EPERM", ruling(meaning.about("x86_64", call("3"))));
        assertEquals("ALWAYS  allow", ruling(meaning.about("i386", call("7"))));
        assertEquals("NEVER  errno:EPERM", ruling(meaning.aboutUnnameable("i386")));
        assertEquals(
                "ALWAYS  allow",
                ruling(meaning("SECCOMP_SYSCALL_DENY=read").aboutUnnameable("x86_64")));
    }

    @Test
    void key_sameCall_isTheSame() {
        PolicyMeaning meaning = meaning(WITH_I386);
        assertEquals("x86_64#17", meaning.key("x86_64", call("pread")));
        assertEquals("x86_64#17", meaning.key("x86_64", call("17")));
        assertEquals("i386#3", meaning.key("i386", call("read")));
        assertEquals("x86_64nothing", meaning.key("x86_64", call("nothing")));
        assertEquals("x86_64#999", meaning.key("x86_64", call("999")));
        assertEquals("arm read", meaning.key("arm", call("read")));
    }

    private static String items(String policy) {
        List<String> items = new ArrayList<>();
        for (PolicyMeaning.AllowedItem item : meaning(policy).allowedItems()) {
            String several = item.rules().size() > 1 ? " of several" : "";
            String conditional = item.conditional() ? " conditional" : "";
            items.add(item.line() + " " + item.subject() + conditional + several);
        }
        return String.join(", ", items);
    }

    @Table
    void allowedItems_areTheRulesThatAllow(String policy, String items) {
        assertEquals(items, items(policy));
    }

    @Test
    void allowedItems_rulesThatAllowNothing_areNone() {
        String rules =
                """
                "rules": [{"call": "read", "action": "allow"},
                {"call": "close", "action": "errno:EPERM"}, {"call": "gone", "action": "allow"}]}
                """;
        String start = "{\"sandboxPolicy\": 1, \"default\": \"kill\", ";
        assertEquals(
                List.of("read", "gone"),
                meaning(start + rules).allowedItems().stream()
                        .map(PolicyMeaning.AllowedItem::subject)
                        .toList());
        assertEquals(
                List.of("read"),
                meaning(start + "\"missing\": \"ignore\", " + rules).allowedItems().stream()
                        .map(PolicyMeaning.AllowedItem::subject)
                        .toList());
    }

    @Test
    void allowedItems_keys_areOfAllArchitectures() {
        assertEquals(Set.of("x86_64#0", "i386#3"), meaning(WITH_I386).allowedItems().get(0).keys());
    }

    @Test
    void conditionalEntries_areThoseThatAListCanSay() {
        assertEquals(
                List.of("write(arg0==1)", "write(arg0==2)"), meaning(LIST).conditionalEntries());
        assertEquals(
                List.of(), meaning("read: arg0 > 1 && arg0 < 5\nwrite: 1").conditionalEntries());
    }
}
