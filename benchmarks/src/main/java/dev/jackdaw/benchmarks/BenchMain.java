package dev.jackdaw.benchmarks;

import dev.jackdaw.benchmarks.compare.CompareCommand;
import dev.jackdaw.benchmarks.connections.ConnectionsCommand;
import dev.jackdaw.benchmarks.flood.FloodCommand;
import dev.jackdaw.benchmarks.fragmentation.FragmentationCommand;
import dev.jackdaw.benchmarks.micro.MicroCommand;
import dev.jackdaw.benchmarks.pauses.PausesCommand;
import dev.jackdaw.benchmarks.snapshot.SnapshotCommand;
import dev.jackdaw.benchmarks.trace.TraceCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** Shared and stateless: the command {@code jackdaw bench}. */
@Command(
        name = "bench",
        description = "Measures Jackdaw beside its peers.",
        subcommands = {
            CompareCommand.class,
            TraceCommand.class,
            PausesCommand.class,
            FragmentationCommand.class,
            SnapshotCommand.class,
            ConnectionsCommand.class,
            FloodCommand.class,
            MicroCommand.class
        },
        mixinStandardHelpOptions = true)
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(BenchMain::report)
                .execute(arguments));
    }

    /** A server that does not start or answers with an error is no fault of this program: its message says all. */
    private static int report(Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        if (failure instanceof IOException) {
            command.getErr().println("bench: " + failure.getMessage());
            return ExitCode.SOFTWARE;
        }
        throw failure;
    }
}
