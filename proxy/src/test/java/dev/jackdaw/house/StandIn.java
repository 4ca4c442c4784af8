package dev.jackdaw.house;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Owned by its process: answers what the launcher asks of a node or a proxy, in their place. */
public final class StandIn {
    /** A node on this port refuses to start. */
    static final String BROKEN_PORT = "BROKEN_PORT";

    private StandIn() {}

    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments);
        String port = options.get(options.indexOf("--port") + 1);
        List<String> nodes = options.contains("--nodes")
                ? List.of(options.get(options.indexOf("--nodes") + 1).split(","))
                : List.of();
        if (port.equals(System.getenv(BROKEN_PORT))) {
            System.err.println("broken on purpose");
            System.exit(3);
        }
        try (ServerSocket server = new ServerSocket(Integer.parseInt(port), 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                answer(server.accept(), nodes);
            }
        }
    }

    private static void answer(Socket client, List<String> nodes) throws IOException {
        try (client;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String reply = line.equals("PING") ? "+PONG" : allListen(nodes) ? ":0" : "-ERR a node is away";
                client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static boolean allListen(List<String> nodes) {
        for (String node : nodes) {
            try (Socket socket = new Socket(node.split(":")[0], Integer.parseInt(node.split(":")[1]))) {
                assert socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
