package dev.jackdaw.server;

import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.net.Server;
import java.security.SecureRandom;

/** Shared and stateless: the program of a node. */
public final class NodeMain {
    private NodeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Config config = new Config();
        Engine engine = new Engine(Clock.SYSTEM, config.databases(), new SecureRandom().nextLong());
        Server server = new Server(new Node(engine, config));
        server.start("127.0.0.1", Integer.parseInt(arguments[1]));
        server.join();
    }
}
