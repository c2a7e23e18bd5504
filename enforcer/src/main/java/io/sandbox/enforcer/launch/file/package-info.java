// SPDX-License-Identifier: Apache-2.0
/**
 * Files that are opened, read and replaced without being led astray by what others can change: by
 * the descriptors of their folders, and only if they are regular files. What is written into them
 * is for the caller to know.
 */
package io.sandbox.enforcer.launch.file;
