package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without libseccomp; the random cases are those of FilterDecisionIT. */
class AlternativesCodeTest {
    private static final int ARCH = 0xc000003e;
    private static final int MATCH = 1;
    private static final int OTHERWISE = 2;
    private static final int BEHIND = 3;
    private static final int NUMBER = 7;

    private static int run(String list, CallData call) {
        CodeBuffer code = new CodeBuffer();
        AlternativesCode own = new AlternativesCode(code, ARCH, MATCH, OTHERWISE);
        List<List<Condition>> rules =
                PolicyText.parseEntries(list).stream().map(PolicyEntry::conditions).toList();
        if (!rules.isEmpty()) {
            own.add(NUMBER - 1, List.of(List.of()));
            own.add(NUMBER, rules);
            own.add(NUMBER + 1, rules);
        }
        own.end();
        code.add(AlternativesCode.RETURN, BEHIND, 0, 0);
        return new BpfInterpreter(code.toBytes()).run(call);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a(arg0==0x100000002)|0x100000002|1",
                "a(arg0==0x100000002)|0x200000002|2",
                "a(arg0==0x100000002)|0x100000001|2",
                "a(arg0!=0x100000002)|0x100000002|2",
                "a(arg0!=0x100000002)|0x000000002|1",
                "a(arg0<0x100000002)|0x0ffffffff|1",
                "a(arg0<0x100000002)|0x100000002|2",
                "a(arg0<0x100000002)|0x200000000|2",
                "a(arg0<=0x100000002)|0x100000002|1",
                "a(arg0<=0x100000002)|0x100000003|2",
                "a(arg0>0x100000002)|0x200000000|1",
                "a(arg0>0x100000002)|0x0ffffffff|2",
                "a(arg0>0x100000002)|0x100000002|2",
                "a(arg0>=0x100000002)|0x100000002|1",
                "a(arg0>=0x100000002)|0x100000001|2",
                "a(arg0&0xf0000000f==0x100000002)|0xff1fffffff2|1",
                "a(arg0&0xf0000000f==0x100000002)|0xff2fffffff2|2",
                "a(arg0&0==0)|5|1",
                "a(arg0==1,arg1==1):a(arg0==2)|1|2",
                "a(arg0==1,arg1==1):a(arg0==2)|2|1",
                "a(arg0==1,arg1==0):a(arg0==2)|1|1"
            })
    void add_rules_holdOrNot(String list, String argument, int expected) {
        CallData call = CallData.of(NUMBER, ARCH, Long.decode(argument));
        assertEquals(expected, run(list, call));
    }

    @Test
    void add_otherNumberOrArch_goesOnBehind() {
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER - 1, ARCH)));
        assertEquals(MATCH, run("a(arg0==1)", CallData.of(NUMBER + 1, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER + 2, ARCH, 1)));
        assertEquals(BEHIND, run("a(arg0==1)", CallData.of(NUMBER, 0x40000003, 1)));
    }

    @Test
    void end_noRules_isNothing() {
        assertEquals(BEHIND, run("", CallData.of(NUMBER, ARCH)));
    }

    /** 6 tests of 6 instructions: the furthest jump inside a rule. */
    @Test
    void add_longestRule_isJumpedOver() {
        String mask = "&0x8fffffff8fffffff==0x100000001";
        String longest = "a(arg0" + mask;
        for (int i = 1; i < 6; i++) {
            longest += ",arg" + i + mask;
        }
        String list = longest + "):a(arg5==3)";
        long one = 0x1_0000_0001L;
        long[] all = {one, one, one, one, one, one};
        assertEquals(MATCH, run(list, CallData.of(NUMBER, ARCH, all)));
        assertEquals(MATCH, run(list, CallData.of(NUMBER, ARCH, 0, 0, 0, 0, 0, 3)));
        assertEquals(OTHERWISE, run(list, CallData.of(NUMBER, ARCH, one, one, one, one, one, 1)));
    }

    @Test
    void add_beyondTheLimit_isRefused() {
        AlternativesCode own = new AlternativesCode(new CodeBuffer(), ARCH, MATCH, OTHERWISE);
        List<List<Condition>> tooMany = Collections.nCopies(4096, List.of());
        FilterException e = assertThrows(FilterException.class, () -> own.add(1, tooMany));
        assertEquals(
                "filter: more than the 4096 instructions that the kernel takes", e.getMessage());
    }
}
