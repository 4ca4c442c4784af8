package dev.jackdaw.server.bus;

import java.util.List;
import java.util.regex.Pattern;

/** Immutable: where another node's bus listens. */
public record BusPeer(String host, int port) {
    private static final int PORT_OFFSET = 10_000;
    private static final int MAX_PORT = 65_535;

    /**
     * Reads a list of addresses with commas or blanks between.
     *
     * @throws IllegalArgumentException with the reason, if one of them is none
     */
    public static List<BusPeer> parseAll(String text) {
        return Pattern.compile("[,\\s]+")
                .splitAsStream(text)
                .filter(address -> !address.isEmpty())
                .map(BusPeer::parse)
                .toList();
    }

    /**
     * Reads {@code host:port}, where the port is that of the clients, or {@code host:port@busport}.
     *
     * @throws IllegalArgumentException with the reason, if it is neither
     */
    static BusPeer parse(String text) {
        int at = text.indexOf('@');
        String address = at < 0 ? text : text.substring(0, at);
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no host:port but '" + text + "'");
        }
        int clientPort = port(address.substring(colon + 1), text);
        int port = at < 0 ? busPort(clientPort) : port(text.substring(at + 1), text);
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new BusPeer(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    /** The port of a node's bus, unless it is told: 10,000 above that of its clients, or below where there is none above. */
    public static int busPort(int clientPort) {
        return clientPort + PORT_OFFSET <= MAX_PORT ? clientPort + PORT_OFFSET : clientPort - PORT_OFFSET;
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > MAX_PORT || Integer.parseInt(digits) == 0) {
            throw new IllegalArgumentException("no port in '" + text + "'");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
