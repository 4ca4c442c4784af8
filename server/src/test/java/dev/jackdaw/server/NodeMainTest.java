package dev.jackdaw.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of a node as a process of its own: how it starts, what it says, how it ends. */
class NodeMainTest {
    private static final int SECONDS = 30;

    @TempDir
    Path folder;

    private Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_signal_ends_it_with_success() throws Exception {
        Path file = Files.writeString(folder.resolve("redis.conf"), "port 1\nrequirepass s3cret\n");
        int port = Ports.free();
        start(file.toString(), "--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString());
        assertThat(awaitReady()).endsWith("Ready to accept connections on port " + port);
        try (RespConnection client = RespConnection.to(port)) {
            assertThat(client.ask("AUTH", "s3cret")).isEqualTo(new Reply.Simple("OK"));
            assertThat(client.ask("CONFIG", "SET", "maxclients", "4294967295").toString())
                    .contains(
                            "(possibly related to argument 'maxclients') - The operating system is not able to handle");
            process.destroy();
            assertThat(exitCode()).isZero();
        }
    }

    @Test
    void shutdown_ends_it_with_success() throws Exception {
        int port = Ports.free();
        Path log = folder.resolve("node.log");
        start("--port", "" + port, "--bind", "127.0.0.1", "--logfile", log.toString());
        await(log);
        try (RespConnection client = RespConnection.to(port)) {
            client.send("SHUTDOWN");
            assertThat(exitCode()).isZero();
        }
        assertThat(Files.readAllLines(log)).hasSize(3).last().asString().endsWith("Stopping");
    }

    @Test
    void a_signal_does_not_end_a_node_that_cannot_save() throws Exception {
        int port = Ports.free();
        start("--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString(), "--save", "3600 1");
        awaitReady();
        Path folderInTheWay = Files.createDirectory(folder.resolve("dump.rdb"));
        try (RespConnection client = RespConnection.to(port)) {
            client.ask("SET", "k", "v");
            process.toHandle().destroy();
            String line = awaitLine("can't exit");
            assertThat(line).contains("Error trying to save the DB");
            assertThat(client.ask("GET", "k")).isEqualTo(new Reply.Bulk("v"));
            Files.delete(folderInTheWay);
            process.toHandle().destroy();
            assertThat(exitCode()).isZero();
        }
        assertThat(folderInTheWay).isRegularFile();
    }

    @Test
    void a_signal_saves_if_its_directive_says_so() throws Exception {
        start(
                "--port",
                "" + Ports.free(),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--shutdown-on-sigterm",
                "save now");
        awaitReady();
        process.destroy();
        assertThat(exitCode()).isZero();
        assertThat(folder.resolve("dump.rdb")).exists();
    }

    @Test
    void who_interrupts_it_twice_does_not_wait_for_the_snapshot() throws Exception {
        int port = Ports.free();
        start(
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "3600 1",
                "--rdb-key-save-delay",
                "2000000000");
        awaitReady();
        try (RespConnection client = RespConnection.to(port)) {
            client.ask("SET", "k", "v");
        }
        interrupt();
        Path temporary = folder.resolve("temp-" + process.pid() + ".rdb");
        org.awaitility.Awaitility.await().atMost(SECONDS, TimeUnit.SECONDS).until(() -> Files.exists(temporary));
        interrupt();
        assertThat(exitCode()).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
    }

    private void interrupt() throws Exception {
        new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
    }

    @Test
    void what_the_process_takes_beside_data_counts_towards_its_limit() throws Exception {
        int port = Ports.free();
        start("--port", "" + port, "--bind", "127.0.0.1", "--maxmemory", "100mb");
        awaitReady();
        try (RespConnection client = RespConnection.to(port)) {
            org.awaitility.Awaitility.await()
                    .atMost(SECONDS, TimeUnit.SECONDS)
                    .until(() ->
                            !((Reply.Bulk) client.ask("INFO", "memory")).text().contains("mem_process:0\r\n"));
        }
    }

    @Test
    void the_pid_is_in_a_file_while_it_runs() throws Exception {
        int port = Ports.free();
        Path pidFile = folder.resolve("node.pid");
        start("--port", "" + port, "--bind", "127.0.0.1", "--pidfile", pidFile.toString());
        awaitReady();
        assertThat(pidFile).hasContent(process.pid() + "\n");
        process.destroy();
        assertThat(exitCode()).isZero();
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void what_cannot_start_says_why_in_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "" + taken.getLocalPort();
            assertThat(lastWords("--port", port, "--bind", "127.0.0.1"))
                    .containsExactly(
                            "jackdaw node: cannot listen on 127.0.0.1 port " + port + ": Address already in use");
        }
        assertThat(lastWords("--foo", "bar")).containsExactly("jackdaw node: command line: unknown directive 'foo'");
        assertThat(lastWords("--dir", "/no/such/place"))
                .containsExactly("jackdaw node: dir: there is no directory /no/such/place");
    }

    @Test
    void help_and_version_are_printed() throws Exception {
        start("--help");
        assertThat(process.inputReader().readLine()).startsWith("Usage: jackdaw node [FILE]");
        assertThat(exitCode()).isZero();
        start("--version");
        assertThat(process.inputReader().readLine()).matches("Jackdaw [0-9.]+");
        assertThat(exitCode()).isZero();
    }

    private List<String> lastWords(String... arguments) throws Exception {
        start(arguments);
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(exitCode()).isEqualTo(1);
        return lines;
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName()));
        command.addAll(List.of(arguments));
        process = Program.limit(
                new ProcessBuilder(command).redirectErrorStream(true).start(), 4 * SECONDS);
    }

    private String awaitReady() throws IOException {
        return awaitLine("Ready");
    }

    private String awaitLine(String part) throws IOException {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        while (line != null && !line.contains(part)) {
            line = process.inputReader(StandardCharsets.UTF_8).readLine();
        }
        return line;
    }

    private static void await(Path log) {
        org.awaitility.Awaitility.await()
                .atMost(SECONDS, TimeUnit.SECONDS)
                .until(() -> Files.exists(log) && Files.readString(log).contains("Ready"));
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
