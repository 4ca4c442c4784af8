package dev.jackdaw.server.net;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.tls.TestCertificates;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same cases over TLS. */
class TlsBadInputTest extends BadInputTest {
    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private static SocketFactory sockets;

    @BeforeAll
    static void make() {
        certificates = new TestCertificates(folder).add("node");
        sockets = certificates.client("").getSocketFactory();
    }

    @Override
    RunningNode startNode(List<String> settings) {
        return RunningNode.encrypted(
                certificates,
                "node",
                Stream.concat(Stream.of("--tls-auth-clients", "no"), settings.stream())
                        .toArray(String[]::new));
    }

    @Override
    RawClient connectTo(RunningNode node) {
        return new RawClient(node.tlsPort(), sockets);
    }
}
