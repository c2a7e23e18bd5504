// SPDX-License-Identifier: Apache-2.0
package io.sandbox.testmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

class MarkingListenerTest {
    private static final class Described extends AbstractTestDescriptor {
        private Described(String displayName) {
            super(UniqueId.forEngine("x"), displayName);
        }

        private Described(String displayName, MethodSource source) {
            super(UniqueId.forEngine("x"), displayName, source);
        }

        @Override
        public TestDescriptor.Type getType() {
            return TestDescriptor.Type.TEST;
        }
    }

    @Test
    void name_ofAMethod_isClassAndMethod() {
        TestIdentifier test =
                TestIdentifier.from(
                        new Described("[3] 7, x", MethodSource.from("a.StoreTest", "rotates")));
        assertEquals("a.StoreTest.rotates", MarkingListener.name(test));
    }

    @Test
    void name_withoutAMethod_isWhatTheEngineCallsIt() {
        assertEquals(
                "Feature 1", MarkingListener.name(TestIdentifier.from(new Described("Feature 1"))));
    }

    @Test
    void listener_isFoundByTheLauncher() {
        assertTrue(
                ServiceLoader.load(TestExecutionListener.class).stream()
                        .anyMatch(each -> each.type() == MarkingListener.class));
    }

    /** An enforced program has no such variable. */
    @Test
    void withoutTheVariable_nothingIsDone() {
        assertTrue(Marks.ofEnvironment().isEmpty());
        TestIdentifier test = TestIdentifier.from(new Described("a"));
        MarkingListener listener = new MarkingListener();
        listener.executionStarted(test);
        listener.executionFinished(test, null);
    }
}
