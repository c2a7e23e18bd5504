// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Styled;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LookupWordsTest {
    private static final SyscallDb DB = SyscallDb.get();

    private static LookupWords parse(String machine, String... words) {
        return LookupWords.parse(List.of(words), DB, arch(machine));
    }

    private static Arch arch(String name) {
        return DB.archByName(name).orElseThrow();
    }

    @Table
    void parse_archWord_givesItsTable(String machine, String word, String label) {
        assertEquals(label, parse(machine, word).table().label());
    }

    @Test
    void parse_b64OnA32BitMachine_isAName() {
        assertEquals("b64", parse("i386", "b64").name().orElseThrow());
    }

    @Test
    void answer_nameAndNumber_isTheNames() {
        List<LookupTable.Entry> found = parse("x86_64", "5", "getsid").answer(false);
        assertEquals(List.of(124), found.stream().map(LookupTable.Entry::number).toList());
    }

    @Test
    void answer_numberOfX32_isFoundOnX8664() {
        assertEquals("x32", parse("x86_64", "1073742344").answer(false).get(0).arch());
    }

    @Table
    void answer_numberOfNoCall_isEmpty(String number) {
        assertTrue(parse("x86_64", number).answer(false).isEmpty());
        assertTrue(parse("x86_64", "uring", number).answer(false).isEmpty());
    }

    @Test
    void named_eachNameOfATable_isOneEntry() {
        for (Arch arch : DB.arches()) {
            LookupTable table = LookupTable.ofArch(DB.table(arch));
            assertEquals(Optional.empty(), table.byNumber(8191), arch.name());
            for (LookupTable.Entry entry : table.entries()) {
                assertEquals(List.of(entry), table.named(entry.name()), arch.name());
                entry.aliases().forEach(name -> assertEquals(List.of(entry), table.named(name)));
            }
        }
    }

    @Test
    void parse_numberThatIsNone_isRefused() {
        for (String word : List.of("5x", "0x5", "1234567890123456789")) {
            assertThrows(LookupWords.MistakenException.class, () -> parse("x86_64", word));
        }
    }

    @Test
    void of_everyCall_fitsOnAScreenOf80By24() {
        for (SyscallFacts facts : DB.allFacts()) {
            List<String> lines = SyscallScreen.of(DB, facts, new Styled(false)).lines().toList();
            assertTrue(lines.size() <= 24, () -> facts.name() + ": " + lines.size() + " lines");
            for (String line : lines) {
                assertTrue(line.length() <= 80, line);
                assertEquals(line.stripTrailing(), line);
            }
        }
    }
}
