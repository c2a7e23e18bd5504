// SPDX-License-Identifier: Apache-2.0
/**
 * Reads machine code, disassembled by capstone through JNA: what an instruction refers to, and
 * which constants a register or a place on the stack can hold before it. A machine is an {@link
 * io.sandbox.reach.code.InstructionSet}.
 */
package io.sandbox.reach.code;
