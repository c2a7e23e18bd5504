// SPDX-License-Identifier: Apache-2.0
/**
 * Opens, reads and replaces files safely in places that others can change: through descriptors of
 * their folders, and only if they are regular files. The caller decides on the content.
 */
package io.sandbox.enforcer.launch.file;
