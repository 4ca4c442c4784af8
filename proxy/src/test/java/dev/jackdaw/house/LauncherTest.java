package dev.jackdaw.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, in a project of its own that is built already, with a JDK whose {@code java} runs a {@link StandIn}: what is
 * tested is the script.
 */
class LauncherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String RELEASE = "JAVA_VERSION=\"25.0.1\"";

    @TempDir
    private Path home;

    private final int port = freePorts(4);
    private Process launcher;
    private Path output;

    @BeforeEach
    void layOut() throws IOException {
        output = home.resolve("output");
        executable(home.resolve("jackdaw"), Files.readString(SourcesTest.ROOT.resolve("jackdaw")));
        Path jdk = Files.createDirectories(home.resolve("jdk/bin")).getParent();
        executable(jdk.resolve("bin/javac"), "");
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                CLASSPATH='%s' exec '%s/bin/java' -XX:TieredStopAtLevel=1 %s "$@"
                """.formatted(
                System.getProperty("java.class.path"), System.getProperty("java.home"), StandIn.class.getName()));
        Files.writeString(jdk.resolve("release"), RELEASE);
        Path lib = Files.createDirectories(home.resolve(".jackdaw/lib"));
        Files.writeString(lib.resolve("server.classpath"), "server.jar");
        Files.writeString(lib.resolve("proxy.classpath"), "proxy.jar");
        Files.writeString(home.resolve(".jackdaw/stamp"), jdk.toRealPath() + " " + RELEASE);
    }

    @AfterEach
    void end() throws InterruptedException {
        if (launcher != null) {
            launcher.destroy();
            assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void up_is_ready_when_all_answer_and_leaves_no_process() throws Exception {
        start("up", "--port", Integer.toString(port));
        awaitOutput("ready: 127.0.0.1:" + port);
        List<ProcessHandle> members = launcher.children().toList();
        assertThat(members).hasSize(4);

        launcher.destroy();

        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isZero();
        assertThat(members).noneMatch(ProcessHandle::isAlive);
        assertThat(output()).endsWith("stopped\n");
    }

    @Test
    void dead_node_is_named_and_started_again() throws Exception {
        start("up", "--port", Integer.toString(port));
        awaitOutput("ready");

        member(port + 2).destroyForcibly();
        awaitOutput("node 2 (port " + (port + 2) + ") died (signal 9); restarting\n");
        awaitOutput("node 2 (port " + (port + 2) + ") answers again");

        member(port + 2).destroyForcibly();
        awaitOutput("node 2 (port " + (port + 2) + ") died (signal 9); restarting in 1 s\n");
    }

    @Test
    void dead_proxy_is_named_and_started_again() throws Exception {
        start("up", "--port", Integer.toString(port), "--nodes", "1");
        awaitOutput("ready");

        member(port).destroyForcibly();
        awaitOutput("proxy (port " + port + ") died (signal 9); restarting\n");
        awaitOutput("proxy (port " + port + ") answers again");
    }

    @Test
    void port_in_use_is_said_in_one_line_and_nothing_starts() throws Exception {
        try (ServerSocket taken = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            start("up", "--port", Integer.toString(port));
            assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(launcher.exitValue()).isEqualTo(1);
            assertThat(output())
                    .isEqualTo("jackdaw: node 1 (port " + taken.getLocalPort()
                            + ") cannot start: the port is in use; nothing was started\n");
        }
    }

    @Test
    void node_that_cannot_start_ends_everything_with_its_reason() throws Exception {
        ProcessBuilder builder = launcher("up", "--port", Integer.toString(port));
        builder.environment().put(StandIn.BROKEN_PORT, Integer.toString(port + 3));
        launcher = builder.start();

        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isEqualTo(1);
        assertThat(output())
                .isEqualTo("node 3 (port " + (port + 3) + ") did not start (exit status 3): broken on purpose\n");
        assertThat(launcher.descendants()).isEmpty();
    }

    @Test
    void node_takes_the_place_of_the_launcher() throws Exception {
        start("node", "--port", Integer.toString(port));

        await().atMost(PATIENCE).until(() -> listens(port));
        assertThat(launcher.info().command())
                .hasValueSatisfying(command -> assertThat(command).endsWith("/java"));
    }

    @Test
    void wrong_options_are_said_in_one_line() throws Exception {
        start("up", "--ports", "1");

        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isEqualTo(1);
        assertThat(output()).isEqualTo("jackdaw: up: unknown option '--ports'; ./jackdaw --help lists them\n");
    }

    private void start(String... arguments) throws IOException {
        launcher = launcher(arguments).start();
    }

    private ProcessBuilder launcher(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("jackdaw").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return builder;
    }

    private void awaitOutput(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output()).contains(text));
    }

    private String output() throws IOException {
        return Files.readString(output);
    }

    private ProcessHandle member(int memberPort) {
        return launcher.children()
                .filter(child -> List.of(child.info().arguments().orElseThrow()).contains(Integer.toString(memberPort)))
                .findFirst()
                .orElseThrow();
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** The first of some free ports in a row. */
    private static int freePorts(int count) {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            int next = first;
            while (next < first + count && freePort(next)) {
                next++;
            }
            if (next == first + count) {
                return first;
            }
        }
    }

    /** By asking, not by trying to take the port, which could be in the way of who is to have it. */
    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean freePort(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
