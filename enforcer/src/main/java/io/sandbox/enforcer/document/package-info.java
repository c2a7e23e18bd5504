// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy file of any format can hold: rules in their order, the architectures that they
 * cover, comments, and what a format could not say ({@link io.sandbox.enforcer.document.Loss}).
 * Pure. The package says nothing about how a file looks, which is for {@code format}, nor what a
 * document decides, which is for {@code meaning}.
 */
package io.sandbox.enforcer.document;
