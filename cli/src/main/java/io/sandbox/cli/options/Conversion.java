// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/** Makes an option's value of its word. Use a class: the first lambda costs a start 20 ms. */
public interface Conversion<T> {
    /** Throws {@link IllegalArgumentException} with a message on what is wrong with the word. */
    T convert(String word);
}
