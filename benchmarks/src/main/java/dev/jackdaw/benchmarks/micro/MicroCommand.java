package dev.jackdaw.benchmarks.micro;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Owned by one command line: {@code bench micro}. */
@Command(
        name = "micro",
        description = "Runs the JMH benchmarks: nanoseconds and bytes allocated of each operation.",
        mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "only benchmarks whose names match these regular expressions")
    private List<String> names = List.of();

    @Option(names = "--iterations", defaultValue = "5", description = "measured (default: ${DEFAULT-VALUE})")
    private int iterations;

    @Option(names = "--warmup", defaultValue = "5", description = "iterations before them (default: ${DEFAULT-VALUE})")
    private int warmUps;

    @Option(names = "--seconds", defaultValue = "1", description = "length of an iteration (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--forks", defaultValue = "1", description = "fresh JVMs, one by one (default: ${DEFAULT-VALUE})")
    private int forks;

    @Option(names = "--json", paramLabel = "FILE", description = "also write JMH's JSON here")
    private Path json;

    @Override
    public Integer call() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .warmupIterations(warmUps)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(seconds))
                .forks(forks)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class);
        names.forEach(options::include);
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        new Runner(options.build()).run();
        return 0;
    }
}
