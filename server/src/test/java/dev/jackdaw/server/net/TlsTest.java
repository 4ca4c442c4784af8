package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's port for TLS: who is let in, with what, and what becomes of those who are not. */
class TlsTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void make() {
        certificates = new TestCertificates(folder).add("node").add("other", "-keyalg", "RSA");
    }

    private static RunningNode node(String... options) {
        return RunningNode.encrypted(certificates, "node", options);
    }

    private static RawClient client(RunningNode node, String name) {
        return new RawClient(node.tlsPort(), certificates.client(name).getSocketFactory());
    }

    private static String ping(RawClient client) {
        client.send(PING);
        return client.receive(PONG.length());
    }

    @Test
    void plain_and_encrypted_clients_share_the_data() {
        try (RunningNode node = node("--tls-auth-clients", "no");
                RespConnection plain = node.connect();
                RawClient encrypted = client(node, "")) {
            plain.ask("SET", "k", "v");
            encrypted.send("GET k\r\nCLIENT NO-EVICT on\r\n");
            assertThat(encrypted.receive("$1\r\nv\r\n+OK\r\n".length())).isEqualTo("$1\r\nv\r\n+OK\r\n");
            assertThat(((Reply.Bulk) plain.ask("CLIENT", "LIST")).text().lines())
                    .hasSize(2);
        }
    }

    @Test
    void large_values_and_long_pipelines_arrive_whole() {
        String value = "x".repeat(3_000_000);
        try (RunningNode node = node("--tls-auth-clients", "no");
                RawClient client = client(node, "")) {
            client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length() + "\r\n" + value + "\r\nGET k\r\n");
            String expected = "+OK\r\n$" + value.length() + "\r\n" + value + "\r\n";
            assertThat(client.receive(expected.length())).isEqualTo(expected);
            client.send(PING.repeat(20_000));
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo(PONG.repeat(20_000));
        }
    }

    @Test
    void clients_must_show_a_certificate_unless_it_is_not_asked_for() {
        try (RunningNode node = node()) {
            try (RawClient client = client(node, "other")) {
                assertThat(ping(client)).isEqualTo(PONG);
            }
            try (RawClient client = client(node, "")) {
                client.send(PING);
                assertThat(client.receiveToEnd()).isEmpty();
            }
        }
        try (RunningNode node = node("--tls-auth-clients", "optional");
                RawClient without = client(node, "");
                RawClient with = client(node, "other")) {
            assertThat(ping(without)).isEqualTo(PONG);
            assertThat(ping(with)).isEqualTo(PONG);
        }
    }

    @Test
    void only_the_protocols_of_the_settings_are_spoken() throws IOException {
        try (RunningNode node = node("--tls-auth-clients", "no", "--tls-protocols", "TLSv1.3")) {
            try (RawClient client = client(node, "")) {
                assertThat(ping(client)).isEqualTo(PONG);
                assertThat(((SSLSocket) client.socket()).getSession().getProtocol())
                        .isEqualTo("TLSv1.3");
            }
            try (RawClient client = client(node, "")) {
                SSLSocket socket = (SSLSocket) client.socket();
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void a_new_certificate_is_used_for_new_connections() throws IOException {
        try (RunningNode node = node("--tls-auth-clients", "no");
                RespConnection admin = node.connect();
                RawClient before = client(node, "")) {
            assertThat(ping(before)).isEqualTo(PONG);
            assertThat(shownBy(before)).isEqualTo("CN=node");
            assertThat(admin.ask(
                            "CONFIG", "SET",
                            "tls-cert-file", certificates.certificate("other").toString(),
                            "tls-key-file", certificates.key("other").toString()))
                    .isEqualTo(new Reply.Simple("OK"));
            try (RawClient after = client(node, "")) {
                assertThat(ping(after)).isEqualTo(PONG);
                assertThat(shownBy(after)).isEqualTo("CN=other");
            }
            assertThat(ping(before)).isEqualTo(PONG);
        }
    }

    private static String shownBy(RawClient client) throws IOException {
        return ((X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void what_cannot_be_used_changes_nothing() throws IOException {
        try (RunningNode node = node("--tls-auth-clients", "no");
                RespConnection admin = node.connect()) {
            Reply before = admin.ask("CONFIG", "GET", "tls*");
            assertThat(admin.ask(
                            "CONFIG",
                            "SET",
                            "hz",
                            "20",
                            "tls-cert-file",
                            certificates.certificate("other").toString()))
                    .isEqualTo(new Reply.Error(CommandError.configFailed(
                            "tls-cert-file", "Unable to update TLS configuration. Check server logs.")));
            assertThat(admin.ask("CONFIG", "GET", "tls*")).isEqualTo(before);
            assertThat(admin.ask("CONFIG", "GET", "hz").toString()).contains("10");
            try (RawClient client = client(node, "")) {
                assertThat(ping(client)).isEqualTo(PONG);
                assertThat(shownBy(client)).isEqualTo("CN=node");
            }
        }
    }

    @Test
    void who_does_not_speak_tls_is_cut_off() {
        try (RunningNode node = node("--tls-auth-clients", "no");
                RawClient plain = new RawClient(node.tlsPort())) {
            plain.send(PING + PING);
            assertThat(plain.receiveToEnd()).doesNotContain("PONG");
        }
    }

    @Test
    void who_says_nothing_or_little_is_cut_off_after_some_seconds() {
        try (RunningNode node = node("--tls-auth-clients", "no");
                RespConnection other = node.connect();
                RawClient silent = new RawClient(node.tlsPort());
                RawClient slow = new RawClient(node.tlsPort());
                RawClient oversized = new RawClient(node.tlsPort())) {
            slow.send("\u0016\u0003\u0001");
            oversized.send("\u0016\u0003\u0001\u00ff\u00ff" + "\0".repeat(100));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ((Reply.Bulk) other.ask("CLIENT", "LIST"))
                                    .text()
                                    .lines()
                                    .count()
                            == 1);
            assertThat(silent.receiveToEnd()).isEmpty();
            assertThat(slow.receiveToEnd()).isEmpty();
            assertThat(oversized.receiveToEnd()).isEmpty();
        }
    }

    @Test
    void one_client_too_many_is_closed_before_the_handshake() {
        try (RunningNode node = node("--tls-auth-clients", "no", "--maxclients", "1");
                RespConnection first = node.connect();
                RawClient second = new RawClient(node.tlsPort())) {
            first.ask("PING");
            assertThat(second.receiveToEnd()).doesNotContain("ERR");
            assertThat(first.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
        }
    }

    @Test
    void without_a_plain_port_there_is_only_tls() {
        try (RunningNode node = node("--tls-auth-clients", "no", "--port", "0");
                RawClient client = client(node, "")) {
            assertThat(node.port()).isEqualTo(node.tlsPort());
            assertThat(ping(client)).isEqualTo(PONG);
        }
    }
}
