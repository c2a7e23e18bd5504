// SPDX-License-Identifier: Apache-2.0
/**
 * Opens, reads and replaces files safely where others can change names and links: through
 * descriptors of the folders, and only if the files are regular. Callers decide what is written.
 */
package io.sandbox.enforcer.launch.file;
