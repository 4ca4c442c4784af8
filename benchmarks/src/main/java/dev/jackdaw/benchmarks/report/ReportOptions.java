package dev.jackdaw.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Owned by one command line: where what it measures goes: to its output, and once more as JSON if a file is named. */
public final class ReportOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", paramLabel = "FILE", description = "also write every number here")
    private Path json;

    /** A report that begins with the machine, and with what else the numbers depend on. */
    public Report begin(Object... conditions) throws IOException {
        Report report =
                new Report(command.commandLine().getOut(), command.commandLine().getErr());
        StringBuilder line = new StringBuilder(Machine.describe());
        for (Object condition : conditions) {
            line.append("; ").append(condition);
        }
        report.print(line.append('\n'));
        return report;
    }

    /** Writes the file. */
    public void end(Report report) throws IOException {
        if (json != null) {
            report.writeJson(
                    json,
                    String.join(" ", command.commandLine().getParseResult().originalArgs()));
        }
    }
}
