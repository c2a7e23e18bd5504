package io.sandbox.enforcer.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionTest {
    private static List<Condition> conditions(String list) {
        return PolicyText.parseEntries("x(" + list + ")").get(0).conditions();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arg0==1|arg0==2|false",
                "arg0==1|arg0==1|true",
                "arg0==1|arg0!=1|false",
                "arg0==1|arg1==2|true",
                "arg0==5|arg0<5|false",
                "arg0==5|arg0&1==0|false",
                "arg0<5|arg0>=5|false",
                "arg0<5|arg0>4|false",
                "arg0<5|arg0>3|true",
                "arg0<=5|arg0>5|false",
                "arg0<=5|arg0>=5|true",
                "arg0&3==1|arg0&1==0|false",
                "arg0&3==1|arg0&4==4|true",
                "arg0>0xffffffffffffffff|arg0<=0xffffffffffffffff|false",
                "arg0==1,arg1==1|arg0!=1,arg1==1|false"
            })
    void overlap_conditions_areComparedByArgument(String one, String other, boolean expected) {
        assertEquals(expected, Region.overlap(conditions(one), conditions(other)));
        assertEquals(expected, Region.overlap(conditions(other), conditions(one)));
    }
}
