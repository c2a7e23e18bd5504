// SPDX-License-Identifier: Apache-2.0
/** {@code sandbox reach}: what a program's code can call, beside its policy and recordings. */
package io.sandbox.cli.reach;
