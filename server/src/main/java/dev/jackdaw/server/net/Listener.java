package dev.jackdaw.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Owned by the thread that starts and closes the server: the sockets that listen on one port. */
final class Listener implements AutoCloseable {
    private final List<Channel> sockets = new ArrayList<>();

    /**
     * Listens on all addresses; those marked with a dash may be missing.
     *
     * @throws IOException if another cannot be had
     */
    void listen(ServerBootstrap bootstrap, List<String> addresses, int port) throws IOException {
        // Linux gives the wildcard of IPv6 the clients of IPv4 as well, and both together to nobody.
        if (addresses.contains("*") && addresses.contains("-::*") && tryToListen(bootstrap, "::", port) == null) {
            return;
        }
        for (String address : addresses) {
            boolean dispensable = address.startsWith("-");
            String host = dispensable ? address.substring(1) : address;
            String problem = tryToListen(bootstrap, withoutWildcard(host), port);
            if (problem != null && !dispensable) {
                throw new IOException("cannot listen on " + host + " port " + port + ": " + problem);
            }
        }
    }

    /** The address that Redis's {@code *} stands for. */
    static String withoutWildcard(String host) {
        return host.replace("::*", "::").replace("*", "0.0.0.0");
    }

    /** Returns what is in the way, or null. */
    private String tryToListen(ServerBootstrap bootstrap, String host, int port) {
        ChannelFuture bound = bootstrap.bind(host, isOpen() ? port() : port).awaitUninterruptibly();
        if (bound.isSuccess()) {
            sockets.add(bound.channel());
            return null;
        }
        String message = String.valueOf(bound.cause().getMessage());
        return message.substring(message.lastIndexOf(": ") + 1).strip();
    }

    boolean isOpen() {
        return !sockets.isEmpty();
    }

    /** The port, which the system may have chosen; 0 if none is open. */
    int port() {
        return isOpen() ? ((InetSocketAddress) sockets.getFirst().localAddress()).getPort() : 0;
    }

    @Override
    public void close() {
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly();
        }
    }
}
