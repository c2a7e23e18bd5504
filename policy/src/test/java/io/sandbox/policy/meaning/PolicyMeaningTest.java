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

    /** Without a name: of calls that no policy can name. Of i386, 3 is read and 7 is waitpid. */
    @Table
    void about_call_isWhatItsFirstRuleThatHoldsSays(
            String policy, String arch, String name, String expected) {
        PolicyMeaning meaning = meaning(policy.equals("both") ? WITH_I386 : policy);
        assertEquals("x86_64", meaning.arch());
        assertEquals(
                expected,
                ruling(
                        name.isEmpty()
                                ? meaning.aboutUnnameable(arch)
                                : meaning.about(arch, call(name))));
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
