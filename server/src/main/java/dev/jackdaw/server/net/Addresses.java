package dev.jackdaw.server.net;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Shared and stateless: what is said of the ends of connections. */
final class Addresses {
    private Addresses() {}

    /** As {@code address:port}. */
    static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? NetUtil.toSocketAddressString(inet)
                : String.valueOf(address);
    }

    /** Whether it is on this machine. */
    static boolean isLocal(SocketAddress address) {
        return !(address instanceof InetSocketAddress peer) || peer.getAddress().isLoopbackAddress();
    }
}
