package dev.jackdaw.benchmarks.fragmentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.benchmarks.JackdawNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class FragmentationCommandTest {
    private static final String RATIO = " +\\d+\\.\\d+ \\|";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void a_row_is_printed_for_each_kind_and_rate() throws IOException {
        Path json = directory.resolve("rows.json");
        int status = run(
                "--node-command=" + JackdawNode.COMMAND,
                "--kinds=LISTS,MIX",
                "--items=50000",
                "--max-bytes=100",
                "--rate=0,500",
                "--seconds=0.2",
                "--warmup=0.1",
                "--delete-share=0.5",
                "--rounds=2",
                "--measured-core=0",
                "--load-core=0",
                "--json=" + json);
        assertThat(status).as(out.toString()).isZero();
        for (Kind kind : List.of(Kind.LISTS, Kind.MIX)) {
            assertThat(out.toString())
                    .containsPattern("\\| " + kind.title() + " +\\| +all \\| +\\d\\.\\d MB \\|" + RATIO + RATIO)
                    .containsPattern("\\| " + kind.title() + " +\\| +500 \\| +\\d\\.\\d MB \\|" + RATIO + RATIO)
                    .containsPattern("\\| " + kind.title() + " +\\|" + RATIO + RATIO
                            + " +(never|[\\d,]+) \\| +\\d\\.\\d MB \\|");
        }
        assertThat(Files.readString(json).split("\"table\":\"deletions\"", -1)).hasSize(1 + 2 * 2);
    }

    @ParameterizedTest
    @CsvSource({
        "--items=0, --items must be from 1 to 10000000",
        "--max-bytes=0, --max-bytes must be from 1 to 65536",
        "--rate=-1, --rate must not be negative",
        "--seconds=0, --seconds must be positive",
        "--delete-share=1.1, --delete-share must be above 0 and at most 1",
        "--delete-share=0, --delete-share must be above 0 and at most 1",
        "--rounds=0, --rounds must be positive",
        "--kinds=NONE, Invalid value for option '--kinds'"
    })
    void a_wrong_option_is_refused_before_anything_starts(String option, String message) {
        assertThat(run("--node-command=false", option)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(out.toString()).contains(message);
    }

    private int run(String... options) {
        return new CommandLine(new FragmentationCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(options);
    }
}
