// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.PlainText;
import io.sandbox.policy.document.PolicyFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

final class FileText {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /**
     * The text without a byte order mark.
     *
     * @throws PolicyFormatException if it is not UTF-8, or has control characters
     */
    static String decode(byte[] bytes) {
        String text = utf8(bytes);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        String whole = text;
        PlainText.problem(whole)
                .ifPresent(
                        problem -> {
                            UnsupportedKind.refuse(whole);
                            throw PolicyFormatException.ofWhole(problem);
                        });
        return whole;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            UnsupportedKind.refuse(new String(bytes, StandardCharsets.ISO_8859_1));
            throw PolicyFormatException.ofWhole("neither UTF-8 text nor a compiled filter");
        }
    }
}
