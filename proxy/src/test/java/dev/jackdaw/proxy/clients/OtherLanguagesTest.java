package dev.jackdaw.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jackdaw.proxy.clients.Fronts.Front;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that are no Java: each is fetched from its registry and runs its program of {@code resources/clients}. Where there is
 * no interpreter or no registry, that client is left out.
 */
@Tag("slow")
class OtherLanguagesTest {
    private static final int INSTALL_SECONDS = 90;
    private static final int RUN_SECONDS = 90;

    private enum Client {
        REDIS_PY(
                "redis-py.py",
                List.of("python3", "-m", "pip", "install", "--quiet", "--target", ".", "redis==8.1.0"),
                "python3",
                ""),
        NODE_REDIS("node-redis.cjs", npm("redis@6.3.1"), "node", "caching"),
        IOREDIS("ioredis.cjs", npm("ioredis@6.0.0"), "node", "");

        private final String program;
        private final List<String> install;
        private final String interpreter;
        /** What tells the program that the front can have clients keep copies. */
        private final String caching;

        Client(String program, List<String> install, String interpreter, String caching) {
            this.program = program;
            this.install = install;
            this.interpreter = interpreter;
            this.caching = caching;
        }

        private static List<String> npm(String library) {
            return List.of(
                    "npm",
                    "install",
                    "--silent",
                    "--no-audit",
                    "--no-fund",
                    "--engine-strict",
                    "--prefix",
                    ".",
                    library);
        }
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void works(Client client) throws IOException, InterruptedException {
        Outcome installation = run(client.install, INSTALL_SECONDS);
        assumeThat(installation.status())
                .as("the installation of %s, which said: %s", client, installation.output())
                .isZero();
        Path program = directory.resolve(client.program);
        try (InputStream source = getClass().getResourceAsStream("/clients/" + client.program)) {
            Files.copy(source, program);
        }

        try (Fronts fronts = new Fronts()) {
            for (Front front : Front.values()) {
                for (String protocol : List.of("2", "3")) {
                    String port = "" + fronts.port(front);
                    String caching = front == Front.NODE ? client.caching : "";
                    Outcome outcome =
                            run(List.of(client.interpreter, program.toString(), port, protocol, caching), RUN_SECONDS);
                    assertThat(outcome)
                            .as("%s, protocol %s, to the %s", client, protocol, front)
                            .isEqualTo(new Outcome(0, "done\n"));
                }
            }
        }
    }

    private record Outcome(int status, String output) {}

    /** Runs a command in the test's directory; one that cannot be started, or takes too long, has failed. */
    private Outcome run(List<String> command, int seconds) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException missing) {
            return new Outcome(-1, missing.getMessage());
        }
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Outcome(ended ? process.exitValue() : -1, Files.readString(output));
    }
}
