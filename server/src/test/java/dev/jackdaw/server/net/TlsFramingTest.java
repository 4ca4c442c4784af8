package dev.jackdaw.server.net;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.tls.TestCertificates;
import java.nio.file.Path;
import javax.net.SocketFactory;
import org.junit.jupiter.api.io.TempDir;

/** The same bytes over TLS, where records cut them once more. */
class TlsFramingTest extends FramingTest {
    private static final int MOST_CUTS = 12;

    @TempDir
    private static Path folder;

    private SocketFactory sockets;

    @Override
    RunningNode startNode() {
        TestCertificates certificates = new TestCertificates(folder).add("node");
        sockets = certificates.client("").getSocketFactory();
        return RunningNode.encrypted(certificates, "node", "--tls-auth-clients", "no");
    }

    @Override
    RawClient connectTo(RunningNode running) {
        return new RawClient(running.tlsPort(), sockets);
    }

    @Override
    int mostCuts() {
        return MOST_CUTS;
    }
}
