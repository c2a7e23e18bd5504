// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Loads our native methods ({@code preload/src/java}); their classes call {@link #load}. */
public final class NativeCode {
    private NativeCode() {}

    /** Loads the library from the installed folder. Further calls do nothing. */
    public static void load() {
        System.load(System.getProperty("sandbox.home") + "/libsandbox-java.so");
    }
}
