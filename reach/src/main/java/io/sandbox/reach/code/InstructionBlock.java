// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Disassembled instructions in the form in which capstone hands them over: an array of {@code
 * cs_insn}. Text becomes a string only where it is needed, since a library has half a million
 * instructions.
 */
final class InstructionBlock {
    private static final int ADDRESS = 8;
    private static final int SIZE = 16;
    private static final int MNEMONIC_LENGTH = 32;
    private static final int OPERANDS_LENGTH = 160;

    private final byte[] raw;
    private final ByteBuffer fields;
    private final int stride;
    private final int mnemonicAt;

    InstructionBlock(byte[] raw, int stride, int mnemonicAt) {
        this.raw = raw;
        this.fields = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        this.stride = stride;
        this.mnemonicAt = mnemonicAt;
    }

    int count() {
        return raw.length / stride;
    }

    long address(int index) {
        return fields.getLong(index * stride + ADDRESS);
    }

    int size(int index) {
        return fields.getShort(index * stride + SIZE) & 0xffff;
    }

    boolean mnemonicStartsWith(int index, String text) {
        return startsWith(index * stride + mnemonicAt, text);
    }

    /** Where a text is in the operands; -1 if it is not there. */
    int findInOperands(int index, String text) {
        int start = operandsAt(index);
        for (int at = start; at < start + OPERANDS_LENGTH && raw[at] != 0; at++) {
            if (raw[at] == text.charAt(0) && startsWith(at, text)) {
                return at - start;
            }
        }
        return -1;
    }

    private boolean startsWith(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (raw[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int operandsAt(int index) {
        return index * stride + mnemonicAt + MNEMONIC_LENGTH;
    }

    String mnemonic(int index) {
        return text(index * stride + mnemonicAt, MNEMONIC_LENGTH);
    }

    String operands(int index) {
        return text(operandsAt(index), OPERANDS_LENGTH);
    }

    private String text(int at, int limit) {
        int end = at;
        while (end < at + limit && raw[end] != 0) {
            end++;
        }
        return new String(raw, at, end - at, StandardCharsets.US_ASCII);
    }

    Instruction get(int index) {
        return new Instruction(address(index), size(index), mnemonic(index), operands(index));
    }
}
