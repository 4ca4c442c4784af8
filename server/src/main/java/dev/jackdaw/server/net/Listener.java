package dev.jackdaw.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Owned by the event loop, which its sockets are opened and closed on: the sockets that listen on one port, or on one Unix socket. */
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
            String host = host(address);
            String problem = tryToListen(bootstrap, withoutWildcard(host), port);
            if (problem != null && !isDispensable(address)) {
                throw new IOException("cannot listen on " + host + " port " + port + ": " + problem);
            }
        }
    }

    /**
     * Listens where others than the addresses of a network lead.
     *
     * @throws IOException if it cannot be had
     */
    void listen(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        String problem = tryToListen(bootstrap, address);
        if (problem != null) {
            throw new IOException("cannot listen on " + address + ": " + problem);
        }
    }

    private static boolean isDispensable(String address) {
        return address.startsWith("-");
    }

    private static String host(String address) {
        return isDispensable(address) ? address.substring(1) : address;
    }

    /** The address that Redis's {@code *} stands for. */
    static String withoutWildcard(String host) {
        return host.replace("::*", "::").replace("*", "0.0.0.0");
    }

    /**
     * Whether all addresses that are not marked with a dash can be listened on. Names of hosts cannot: to look them up may take long.
     *
     * @param port 0 to find out about the addresses only
     */
    static boolean canListen(List<String> addresses, int port) {
        return addresses.stream()
                .filter(address -> !isDispensable(address))
                .allMatch(address -> canListen(address, port));
    }

    private static boolean canListen(String address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral(withoutWildcard(address)), port));
            return true;
        } catch (IOException | IllegalArgumentException cannot) {
            return false;
        }
    }

    private String tryToListen(ServerBootstrap bootstrap, String host, int port) {
        return tryToListen(bootstrap, new InetSocketAddress(host, isOpen() ? port() : port));
    }

    /** Returns what is in the way, or null. */
    private String tryToListen(ServerBootstrap bootstrap, SocketAddress address) {
        ChannelFuture opened = bootstrap.register();
        Channel socket = opened.channel();
        // On the event loop both are done at once.
        Throwable cause = opened.isSuccess() ? socket.bind(address).cause() : opened.cause();
        if (cause == null) {
            sockets.add(socket);
            return null;
        }
        socket.close();
        String message = String.valueOf(cause.getMessage());
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
        sockets.forEach(Channel::close);
        sockets.clear();
    }
}
