package dev.jackdaw.protocol.oracle;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Owned by one test: a real redis-server on a free port of the loopback interface, without persistence and with bounded memory;
 * the oracle that replies are compared with. Its process ends with {@link #close}.
 */
public final class RedisServer implements AutoCloseable {
    /** The version whose replies are the golden ones. */
    public static final String VERSION = "7.0";

    private static final String PROGRAM = "redis-server";
    private static final long MEMORY_KB = 4_000_000;
    private static final int START_SECONDS = 20;
    private static final int ATTEMPTS = 5;

    private final int port;
    private final Path directory;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private RedisServer(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /** Whether a redis-server of the golden version can be started. */
    public static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)))
                && version().startsWith(VERSION + ".");
    }

    /** Starts a server with more {@code options}, as {@code --maxmemory 10mb}, and waits until it answers PING. */
    public static RedisServer start(String... options) {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return launch(options);
            } catch (IOException failed) {
                // Somebody else may have taken the port that was free a moment ago.
                last = failed;
            }
        }
        throw new UncheckedIOException(last);
    }

    public int port() {
        return port;
    }

    /** The number of the process, for signals. */
    public long pid() {
        return process.pid();
    }

    /** Where its files are, unless an option names another place. */
    public Path directory() {
        return directory;
    }

    /** A new connection to the server. */
    public RespConnection connect() {
        return RespConnection.to(port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static RedisServer launch(String... options) throws IOException {
        int port = Ports.free();
        Path directory = Files.createTempDirectory("redis");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -v " + MEMORY_KB + "; exec \"$0\" \"$@\""));
        command.addAll(List.of(PROGRAM, "--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--enable-debug-command", "yes"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        RedisServer server = new RedisServer(port, directory, process);
        Thread.ofVirtual().start(server::readLog);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    /** Completes {@link #ready}, and reads on so that the server never waits for a full pipe. */
    private void readLog() {
        StringBuilder start = new StringBuilder();
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                if (line.contains("Ready to accept connections")) {
                    ready.complete(null);
                }
                if (!ready.isDone()) {
                    start.append(line).append('\n');
                }
            }
        } catch (IOException closed) {
            start.append(closed);
        }
        ready.completeExceptionally(new IOException("redis-server ended: " + start));
    }

    private void awaitReady() throws IOException {
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
        try (RespConnection connection = connect()) {
            Reply reply = connection.ask("PING");
            boolean wantsPassword = reply.equals(new Reply.Error(CommandError.NO_AUTH));
            if (!wantsPassword && !reply.equals(new Reply.Simple("PONG"))) {
                throw new IOException("no PONG but " + reply);
            }
        }
    }

    private static String version() {
        try {
            Process process = new ProcessBuilder(PROGRAM, "--version").start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                return line == null ? "" : line.replaceFirst(".* v=", "");
            }
        } catch (IOException missing) {
            return "";
        }
    }
}
