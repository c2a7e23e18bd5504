// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/**
 * Our own native methods ({@code preload/src/java}): each class that has some calls {@link #load}
 * first.
 */
public final class NativeCode {
    private NativeCode() {}

    /** Loads the library from the folder with all that ships; again it does nothing. */
    public static void load() {
        System.load(System.getProperty("sandbox.home") + "/libsandbox-java.so");
    }
}
