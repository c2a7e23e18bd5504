// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemanglerTest {
    @ParameterizedTest
    @CsvSource({
        "_ZN3foo3barEi, foo::bar(int)",
        "_Znwm, operator new(unsigned long)",
        "_ZN3std2io5Write9write_all17h0123456789abcdefE, std::io::Write::write_all",
        "_ZN4core3ptr31drop_in_place$LT$std..io..E$GT$17h0123456789abcdefE,"
                + " core::ptr::drop_in_place<std::io::E>",
        "_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE,"
                + " <&T as core::fmt::Debug>::fmt",
        "_ZN3foo, _ZN3foo",
        "_RNvC3foo3bar, _RNvC3foo3bar",
        "rename, rename",
    })
    void readable_isWhatPeopleWrite(String name, String expected) {
        assertEquals(expected, Demangler.readable(name));
    }

    @Test
    void readable_ofAHostileName_ends() {
        Demangler.readable("_Z" + "P".repeat(1500) + "i");
        Demangler.readable("_ZN" + "S_".repeat(900) + "E");
        // Each part repeats the one before it twice.
        StringBuilder doubling = new StringBuilder("_Z1f1aIiiES_IS0_S0_E");
        for (int i = 0; i < 35; i++) {
            String part = "S" + Integer.toString(i, 36).toUpperCase(Locale.ROOT) + "_";
            doubling.append("S_I").append(part).append(part).append("E");
        }
        assertEquals(doubling.toString(), Demangler.readable(doubling.toString()));
        String longName = "_Z1" + "a".repeat(5000);
        assertEquals(longName, Demangler.readable(longName));
    }
}
