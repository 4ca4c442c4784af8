package dev.jackdaw.benchmarks.process;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Owned: a RESP server that runs as a child process and ends when this is closed or when this process ends. */
public final class ServerProcess implements AutoCloseable {
    private static final long START_MILLIS = 60_000;
    private static final long END_MILLIS = 15_000;
    private static final long POLL_MILLIS = 20;
    private static final long BYTES_PER_KILOBYTE = 1024;
    private static final Set<String> WRAPPERS = Set.of("sh", "bash", "dash", "taskset", "env");

    private final String name;
    private final int port;
    private final Path directory;
    private final Process process;
    private final Thread endWithUs;

    private ServerProcess(String name, int port, Path directory, Process process) {
        this.name = name;
        this.port = port;
        this.directory = directory;
        this.process = process;
        this.endWithUs = new Thread(process::destroy, "end-" + name);
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /**
     * Starts a command and waits until it answers PING.
     *
     * @param home the directory that the command is started in
     * @param directory the server's own, deleted at the end; its output goes to a file there
     */
    static ServerProcess start(String name, List<String> command, int port, Path home, Path directory)
            throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        ServerProcess server = new ServerProcess(name, port, directory, process);
        try {
            server.awaitPong();
            server.refuseWrapper();
            return server;
        } catch (IOException e) {
            IOException failure =
                    new IOException(name + " did not start: " + e.getMessage() + "\n" + server.output(), e);
            server.close();
            throw failure;
        }
    }

    public String name() {
        return name;
    }

    public InetSocketAddress endpoint() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public RespClient connect() throws IOException {
        return new RespClient(endpoint());
    }

    public CpuTime cpuTime() throws IOException {
        return CpuTime.of(process.pid());
    }

    /** The memory of the process that is in RAM. */
    public long residentBytes() throws IOException {
        return status("VmRSS:");
    }

    /** The most that ever was. */
    public long peakResidentBytes() throws IOException {
        return status("VmHWM:");
    }

    private long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KILOBYTE)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " has ended"));
    }

    private void awaitPong() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (true) {
            try (RespClient client = connect()) {
                client.call("PING");
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("no PONG within " + START_MILLIS + " ms", notYet);
                }
                if (endsWithin(POLL_MILLIS)) {
                    throw new IOException("it ended with status " + process.exitValue(), notYet);
                }
            }
        }
    }

    /** A shell that waits for the server would be asked for the CPU time of the server, and have none. */
    private void refuseWrapper() throws IOException {
        String running = Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"))
                .trim();
        if (WRAPPERS.contains(running)) {
            throw new IOException("its command must exec the server, but pid " + process.pid() + " is " + running);
        }
    }

    private boolean endsWithin(long millis) throws IOException {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Also in a thread that was interrupted: a server must not outlive its measurement. */
    private void awaitEnd() {
        process.onExit()
                .completeOnTimeout(process, END_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        awaitEnd();
        process.destroyForcibly();
        awaitEnd();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (IllegalStateException shutdownHasBegun) {
            return;
        }
        Files.walkFileTree(directory, new DeleteAll());
    }

    private static final class DeleteAll extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
