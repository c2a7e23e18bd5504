// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OwnFiltersTest {
    private OwnFilters filters;

    @BeforeEach
    void noFilters() {
        filters = new OwnFilters();
    }

    /** Words: what is loaded, and what else the program does. */
    private void happens(String words) {
        for (String word : words.split(" ")) {
            switch (word) {
                case "loads" -> filters.loads(new FilterReturns(false, false));
                case "hands" -> filters.loads(new FilterReturns(true, false));
                case "anything" -> filters.loads(new FilterReturns(false, true));
                case "unread" -> filters.loadsUnread();
                case "traces" -> filters.traces();
                case "listens" -> filters.wantsListener();
                case "strict" -> filters.wantsStrictMode();
                case "ended" -> filters.programEnded();
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    private String signs(boolean byRecords) {
        return filters.signs(byRecords).all().stream()
                .map(sign -> sign.kind().name().replaceFirst("OWN_(FILTER_)?", ""))
                .collect(Collectors.joining(" "));
    }

    @Table
    void signs_byRecords_areWaysPastAnAuditRecord(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(true));
        assertEquals(
                signs.contains("HANDS_OVER") || signs.contains("UNREAD"),
                filters.signs(true).sentences().toString().contains("leave no audit record"));
    }

    /** A question has precedence over a tracer. So all that was loaded matters, and no tracer. */
    @Table
    void signs_byQuestions_areFiltersThatAreOutranked(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(false));
        assertEquals(signs.contains("REFUSES"), filters.areLoaded());
        assertFalse(filters.signs(false).sentences().toString().contains("audit record"));
        assertFalse(filters.hasEndedProgram());
    }

    @Table
    void signs_programWasEnded_saySo(String words) {
        happens(words);
        assertFalse(filters.signs(false).sentences().get(0).contains("was ended"));
        happens("ended");
        assertTrue(filters.hasEndedProgram());
        assertTrue(filters.signs(false).sentences().get(0).contains("was ended"));
        assertTrue(filters.signs(true).sentences().get(0).contains("was ended"));
    }

    @Table
    void mayHandOver_andAreRefused_areReasonsToEndTheProgram(
            String words, boolean handsOver, boolean refused) {
        happens(words);
        assertEquals(handsOver, filters.mayHandOver());
        assertEquals(refused, filters.areRefused());
        assertEquals(handsOver || refused, filters.isInVain());
    }

    @Test
    void nothingLoaded_nothingIsMissing() {
        assertEquals("", signs(true));
        assertEquals("", signs(false));
        assertFalse(filters.areLoaded());
    }

    private static final int RETURN = 0x06; // BPF_RET | BPF_K
    private static final int ALLOW = 0x7fff0000;

    private static ByteBuffer code(ByteOrder order, int... opcodesAndOperands) {
        ByteBuffer code = ByteBuffer.allocate(opcodesAndOperands.length * 4).order(order);
        for (int i = 0; i < opcodesAndOperands.length; i += 2) {
            code.putShort((short) opcodesAndOperands[i]).putShort((short) 0x0101);
            code.putInt(opcodesAndOperands[i + 1]);
        }
        return code.flip();
    }

    /**
     * Opcodes, each with what follows it: BPF_LD | BPF_W | BPF_ABS, BPF_RET | BPF_K and BPF_RET |
     * BPF_A.
     */
    @Table
    void of_code_isAllThatItReturns(String code, boolean handsOver, boolean anything) {
        int[] words =
                Stream.of(code.split(" "))
                        .filter(word -> !word.isEmpty())
                        .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                        .toArray();
        assertEquals(
                new FilterReturns(handsOver, anything),
                FilterReturns.of(code(ByteOrder.nativeOrder(), words)));
    }

    @Test
    void of_otherByteOrder_isReadInThatOfTheBuffer() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            assertEquals(
                    new FilterReturns(true, false),
                    FilterReturns.of(code(order, RETURN, 0x7ff00000)));
        }
    }

    @Test
    void of_cutInstruction_isNotRead() {
        ByteBuffer code = code(ByteOrder.nativeOrder(), RETURN, ALLOW, RETURN, 0x7ff00000);
        for (int size = 8; size < 16; size++) {
            code.limit(size);
            assertEquals(new FilterReturns(false, false), FilterReturns.of(code));
        }
        code.limit(16);
        assertEquals(new FilterReturns(true, false), FilterReturns.of(code));
    }
}
