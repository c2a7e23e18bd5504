// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

/** An instruction as capstone writes it: a comma and a blank separate operands. */
record Instruction(long address, int size, String mnemonic, String operands) {
    /** The operands; commas in brackets do not separate. */
    String[] split() {
        return operands.isEmpty() ? new String[0] : operands.split(", (?![^\\[]*\\])");
    }

    long end() {
        return address + size;
    }
}
