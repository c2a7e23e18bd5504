// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressBarTest {
    @Test
    void fitted_narrowTerminal_isOneRow() {
        assertEquals("[###", ProgressBar.fitted("[###...] 50 %", 4));
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 13));
    }

    @Test
    void fitted_widthThatIsNotKnown_isAll() {
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 0));
    }
}
