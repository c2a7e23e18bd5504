// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/**
 * Makes the value of an option from its word. Written as a class, not as a lambda, the first of
 * which costs a start 20 ms.
 */
public interface Conversion<T> {
    /**
     * @throws IllegalArgumentException with what is wrong with the word
     */
    T convert(String word);
}
