// SPDX-License-Identifier: Apache-2.0
package io.sandbox.testmarks;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Marks each test that the JUnit Platform runs. It does nothing where nobody records. */
public final class MarkingListener implements TestExecutionListener {
    private final Optional<Marks> marks = Marks.ofEnvironment();
    private final AtomicLong last = new AtomicLong();

    /** By the unique id of a running test. */
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();

    @Override
    public void executionStarted(TestIdentifier test) {
        if (marks.isPresent() && test.isTest()) {
            String name = name(test);
            long number = last.incrementAndGet();
            numbers.put(test.getUniqueId(), number);
            // Nothing of ours comes after this.
            marks.get().begin(number, name);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (marks.isPresent() && test.isTest()) {
            Long number = numbers.get(test.getUniqueId());
            if (number != null) {
                marks.get().end(number);
                numbers.remove(test.getUniqueId());
            }
        }
    }

    /** All invocations of a parameterised test have one name. */
    static String name(TestIdentifier test) {
        Optional<TestSource> source = test.getSource();
        return source.isPresent() && source.get() instanceof MethodSource method
                ? method.getClassName() + "." + method.getMethodName()
                : test.getLegacyReportingName();
    }
}
