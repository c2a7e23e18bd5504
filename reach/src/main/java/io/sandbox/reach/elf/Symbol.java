// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

/**
 * A named place.
 *
 * @param address its value; 0 if it is not defined here
 * @param defined whether this file defines it
 * @param code whether it is a function, or chooses one (STT_GNU_IFUNC)
 * @param exported whether other files can bind to it
 */
public record Symbol(
        String name, long address, long size, boolean defined, boolean code, boolean exported) {}
