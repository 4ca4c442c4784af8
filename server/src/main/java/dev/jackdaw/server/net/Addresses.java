package dev.jackdaw.server.net;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Shared and stateless: what is said of the ends of connections. */
final class Addresses {
    private Addresses() {}

    /** As {@code address:port}; a Unix socket is its path, with port 0. */
    static String text(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet -> NetUtil.toSocketAddressString(inet);
            case DomainSocketAddress unix -> unix.path() + ":0";
            case null, default -> String.valueOf(address);
        };
    }

    /** The other end, as {@link #text}; that of a Unix socket has no address of its own. */
    static String ofPeer(Channel channel) {
        return text(channel.localAddress() instanceof DomainSocketAddress unix ? unix : channel.remoteAddress());
    }

    /** Whether it is on this machine. */
    static boolean isLocal(SocketAddress address) {
        return !(address instanceof InetSocketAddress peer) || peer.getAddress().isLoopbackAddress();
    }
}
