package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.tls.TestCertificates;
import dev.jackdaw.protocol.tls.TlsException;
import dev.jackdaw.protocol.tls.TlsSettings;
import dev.jackdaw.protocol.tls.TlsSettings.ClientCertificates;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.proxy.config.ProxyOptions.Encryption;
import dev.jackdaw.server.net.RunningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS in front of the proxy and behind it: the node wants the proxy's certificate, the proxy the client's. */
class ProxyTlsTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;

    private RunningNode node;
    private Proxy proxy;
    private int tlsPort;

    @BeforeAll
    static void make() {
        certificates = new TestCertificates(folder).add("node").add("proxy").add("client");
    }

    private static TlsSettings settings(String name) {
        return TlsSettings.of(
                certificates.certificate(name).toString(),
                certificates.key(name).toString(),
                "",
                certificates.certificate("ca").toString(),
                ClientCertificates.YES);
    }

    @BeforeEach
    void start() {
        node = RunningNode.encrypted(certificates, "node");
        tlsPort = Ports.free();
        proxy = Proxy.start(options(new Encryption(tlsPort, true, settings("proxy"))));
    }

    @AfterEach
    void stop() {
        proxy.close();
        node.close();
    }

    private ProxyOptions options(Encryption encryption) {
        return new ProxySettings().encryption(encryption).to(List.of(new Node("localhost", node.tlsPort())));
    }

    private RawClient connect(String name) {
        return new RawClient(tlsPort, certificates.client(name).getSocketFactory());
    }

    @Test
    void new_certificates_are_shown_without_a_restart() throws IOException {
        Path certificate = folder.resolve("current.crt");
        Path key = folder.resolve("current.key");
        put("proxy", certificate, key);
        int port = Ports.free();
        TlsSettings settings = TlsSettings.of(
                certificate.toString(),
                key.toString(),
                "",
                certificates.certificate("ca").toString(),
                ClientCertificates.YES);
        try (Proxy other = Proxy.start(options(new Encryption(port, true, settings)))) {
            assertThat(other.port()).isPositive();
            assertThat(shown(port)).contains("CN=proxy");
            Files.writeString(certificate, "nothing of use");
            put("node", certificate, key);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(shown(port)).contains("CN=node"));
        }
    }

    private static void put(String name, Path certificate, Path key) throws IOException {
        Files.copy(certificates.certificate(name), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key(name), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String shown(int port) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) certificates.client("client").getSocketFactory().createSocket("localhost", port)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void plain_and_encrypted_clients_see_the_same_data() {
        try (RespConnection plain = RespConnection.to(proxy.port());
                RawClient encrypted = connect("client")) {
            assertThat(plain.ask("SET", "k", "v")).isEqualTo(new Reply.Simple("OK"));
            encrypted.send("GET k\r\n");
            assertThat(encrypted.receive(7)).isEqualTo("$1\r\nv\r\n");
        }
    }

    @Test
    void large_values_and_long_pipelines_arrive_whole() {
        String value = "x".repeat(3_000_000);
        try (RawClient client = connect("client")) {
            client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length() + "\r\n" + value + "\r\nGET k\r\n");
            String expected = "+OK\r\n$" + value.length() + "\r\n" + value + "\r\n";
            assertThat(client.receive(expected.length())).isEqualTo(expected);
            client.send("STRLEN k\r\n".repeat(10_000) + PING.repeat(10_000));
            String replies = ":3000000\r\n".repeat(10_000) + PONG.repeat(10_000);
            assertThat(client.receive(replies.length())).isEqualTo(replies);
        }
    }

    @Test
    void requests_are_read_wherever_they_are_cut() {
        String requests = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhello\r\n" + PING + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";
        try (RawClient client = connect("client")) {
            for (int cut = 1; cut < requests.length(); cut++) {
                client.send(requests.substring(0, cut));
                client.send(requests.substring(cut));
                assertThat(client.receive(23)).isEqualTo("+OK\r\n" + PONG + "$5\r\nhello\r\n");
            }
        }
    }

    @Test
    void an_unreadable_request_is_answered_before_the_end() {
        try (RawClient client = connect("client")) {
            client.send(PING + "*1\r\n$-5\r\n" + PING);
            assertThat(client.receiveToEnd()).isEqualTo(PONG + "-ERR Protocol error: invalid bulk length\r\n");
        }
    }

    @Test
    void without_a_certificate_nobody_is_served() {
        try (RawClient client = connect("")) {
            client.send(PING);
            assertThat(client.receiveToEnd()).isEmpty();
        }
        try (RawClient plain = new RawClient(tlsPort)) {
            plain.send(PING);
            assertThat(plain.receiveToEnd()).doesNotContain("PONG");
        }
    }

    @Test
    void certificates_that_cannot_be_used_stop_the_start() {
        TlsSettings missing = TlsSettings.of("missing", "missing", "", "", ClientCertificates.NO);
        ProxyOptions options = options(new Encryption(Ports.free(), false, missing));
        assertThatThrownBy(() -> Proxy.start(options)).isInstanceOf(TlsException.class);
    }
}
