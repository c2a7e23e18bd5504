// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What a {@code struct sockaddr} says. */
final class SocketAddress {
    /** The longest that is read: struct sockaddr_un, with an even number of bytes. */
    static final int MAX_BYTES = 112;

    private static final int UNIX = 1;
    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int INET6_BYTES = 16;

    /** Its family, and then address and port, or a path; {@code @} begins an abstract one. */
    static String text(byte[] bytes) {
        ByteBuffer address = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        try {
            int family = Short.toUnsignedInt(address.getShort());
            address.order(ByteOrder.BIG_ENDIAN);
            return switch (family) {
                case UNIX -> "unix" + path(address);
                case INET -> {
                    int port = Short.toUnsignedInt(address.getShort());
                    yield "inet " + host(address, Integer.BYTES) + ":" + port;
                }
                case INET6 -> {
                    int port = Short.toUnsignedInt(address.getShort());
                    address.getInt(); // the flow
                    yield "inet6 [" + host(address, INET6_BYTES) + "]:" + port;
                }
                default -> "family " + family;
            };
        } catch (BufferUnderflowException e) {
            return "too short";
        }
    }

    private static String host(ByteBuffer address, int length) {
        byte[] bytes = new byte[length];
        address.get(bytes);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("of another length: " + length, e);
        }
    }

    private static String path(ByteBuffer address) {
        if (!address.hasRemaining()) {
            return "";
        }
        String text = StandardCharsets.UTF_8.decode(address).toString();
        int end = text.indexOf(0, 1);
        return " " + (end < 0 ? text : text.substring(0, end)).replace('\0', '@');
    }
}
