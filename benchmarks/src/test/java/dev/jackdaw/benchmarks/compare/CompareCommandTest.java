package dev.jackdaw.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.benchmarks.RedisServer;
import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.Numbers;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

@Tag("oracle")
class CompareCommandTest {
    private static final String NODE = "redis-server --port {port} --dir {dir} --save --appendonly no";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void every_workload_runs(Workload workload) throws IOException {
        try (Deployment redis = RedisServer.launcher().peer()) {
            Measurement measurement = new Side(redis, 1000, 5).measure(workload, 4, 2000, 1, 0);
            assertThat(measurement.operationsPerSecond()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_memory_case_fills_a_store(MemoryCase store) throws IOException {
        try (Deployment redis = RedisServer.launcher().peer();
                RespClient client = redis.front().connect()) {
            LoadGenerator.run(Load.filling(redis.endpoint(), store.fill(), 640));
            long bytes = client.info("used_memory_dataset");
            assertThat(bytes).isGreaterThan(640L * store.payloadBytes() / 2);
            if (store.overwrite() != null) {
                LoadGenerator.run(
                        Load.closedLoop(redis.endpoint(), store.overwrite(), Numbers.random(640, 1), 640, 2, 8));
                assertThat(client.call("DBSIZE")).isEqualTo("640");
            }
        }
    }

    @Test
    void pops_find_one_element_for_each_operation() throws IOException {
        try (Deployment redis = RedisServer.launcher().peer();
                RespClient client = redis.front().connect()) {
            new Side(redis, 1000, 2).measure(Workload.SPOP, 4, 3000, 1, 0);
            assertThat(client.call("SCARD", "myset")).isEqualTo("0");
            assertThat(client.call("INFO", "commandstats")).contains("cmdstat_spop:calls=3000");
        }
    }

    @Test
    void a_log_is_begun_and_synced_as_it_is_said() throws IOException {
        try (Deployment redis = RedisServer.launcher().peer();
                RespClient client = redis.front().connect()) {
            redis.beginLog("always");
            new Side(redis, 100, 2).measure(Workload.SET, 1, 100, 1, 0);
            assertThat(client.info("aof_enabled")).isEqualTo(1);
            assertThat(client.info("aof_current_size")).isGreaterThan(5_000);
            assertThat(client.call("CONFIG", "GET", "appendfsync")).isEqualTo("appendfsync\nalways");
        }
    }

    @Test
    void the_whole_command_prints_a_row_for_each_pipeline() throws IOException {
        Path json = directory.resolve("rows.json");
        StringWriter out = new StringWriter();
        int status = new CommandLine(new CompareCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(
                        "--node-command=" + NODE,
                        "--tests=GET",
                        "--pipelines=1,16",
                        "--keys=1000",
                        "--connections=4",
                        "--rounds=1",
                        "--seconds=0.1",
                        "--warmup=0.1",
                        "--measured-core=0",
                        "--load-core=0",
                        "--json=" + json);
        assertThat(status).isZero();
        assertThat(out.toString()).containsPattern("\\| GET +\\| +1 \\|").containsPattern("\\| GET +\\| +16 \\|");
        assertThat(Files.readString(json)).contains("\"pipeline\":1,").contains("\"pipeline\":16,");
    }
}
