// SPDX-License-Identifier: Apache-2.0
/** How a text that somebody else wrote is shown, and one that ships with us is read. */
package io.sandbox.text;
