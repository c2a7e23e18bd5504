// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a class as a build tool does, in a JVM of its own. */
public final class JUnitRun {
    private JUnitRun() {}

    public static void main(String[] arguments) {
        String parallel = "junit.jupiter.execution.parallel.";
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(arguments[0]))
                        .configurationParameter(parallel + "enabled", arguments[1])
                        .configurationParameter(parallel + "mode.default", "concurrent")
                        .configurationParameter(parallel + "config.strategy", "fixed")
                        .configurationParameter(parallel + "config.fixed.parallelism", "2")
                        .build();
        LauncherFactory.create().execute(request);
    }
}
