package dev.jackdaw.protocol.oracle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Shared and stateless: ports for servers that have to be told one. */
public final class Ports {
    /**
     * Below what systems give to connections, as are the ports for the bus, which lie 10,000 above: between the choice and
     * its use nobody gets one of these by chance.
     */
    private static final int FIRST = 11_000;

    private static final int END = 21_000;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** A port of the loopback interface on which nobody listens. */
    public static int free() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
