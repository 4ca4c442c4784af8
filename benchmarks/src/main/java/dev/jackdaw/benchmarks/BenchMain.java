package dev.jackdaw.benchmarks;

import dev.jackdaw.benchmarks.compare.CompareCommand;
import dev.jackdaw.benchmarks.micro.MicroCommand;
import dev.jackdaw.benchmarks.trace.TraceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Shared and stateless: the command {@code jackdaw bench}. */
@Command(
        name = "bench",
        description = "Measures Jackdaw beside its peers.",
        subcommands = {CompareCommand.class, TraceCommand.class, MicroCommand.class},
        mixinStandardHelpOptions = true)
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }
}
