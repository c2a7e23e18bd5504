// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * A test of each row of a table in {@code XTest.tsv}, beside the class {@code XTest}. Such a file
 * has a part for each test: {@code [method]}, the names of its parameters, and the cases.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(Table.Rows.class)
public @interface Table {
    /** Finds the rows by the names of the class and of the method. */
    final class Rows implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return Vectors.part(
                            context.getRequiredTestClass(),
                            context.getRequiredTestMethod().getName(),
                            context.getRequiredTestMethod().getParameterCount())
                    .stream()
                    .map(row -> Arguments.of(row.columns().toArray()));
        }
    }
}
