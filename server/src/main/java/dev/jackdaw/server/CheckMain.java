package dev.jackdaw.server;

import dev.jackdaw.server.command.LogSyntax;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.CorruptLogException;
import dev.jackdaw.server.persistence.FileCheck;
import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Owned by the process: says of snapshots and logs whether they can be read, and if not what is wrong and where. */
@Command(
        name = "jackdaw check",
        description =
                "Reads snapshots (RDB) and logs (append-only files, or the manifest or directory of one), ours and"
                        + " Redis's, and says whether a node could. Exits with 1 if it could not.",
        sortOptions = false)
public final class CheckMain implements Callable<Integer> {
    /** A file may have keys in any database. */
    private static final int MOST_DATABASES = 1024;

    @Option(names = "--fix", description = "cut off what is not all there at the end of a log, after asking")
    private boolean fixes;

    @Option(names = "--yes", description = "do so without asking")
    private boolean isSure;

    @Option(names = "--help", usageHelp = true, description = "show this")
    private boolean unusedHelp;

    @Parameters(paramLabel = "FILE", arity = "1..*")
    private List<Path> files = List.of();

    private final PrintStream out;

    CheckMain(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(run(System.out, arguments));
    }

    /** Runs the command line; returns the status to exit with. */
    static int run(PrintStream out, String... arguments) {
        return new CommandLine(new CheckMain(out)).execute(arguments);
    }

    @Override
    public Integer call() {
        boolean sound = true;
        for (Path file : files) {
            sound &= isSound(file.toAbsolutePath());
        }
        return sound ? 0 : 1;
    }

    private boolean isSound(Path path) {
        try (Engine engine = new Engine(Clock.SYSTEM, MOST_DATABASES, 0)) {
            FileCheck check = new FileCheck(engine, new Config(), new LogSyntax(), out::println);
            try {
                check.read(path);
                return true;
            } catch (CorruptLogException damaged) {
                out.println(damaged.getMessage());
                if (!damaged.isTail() || !fixes || !isSure && !asks(damaged)) {
                    return false;
                }
                check.cut(damaged);
                out.println("Cut at byte " + damaged.offset() + ".");
                check.read(path);
                return true;
            }
        } catch (CorruptRdbException damaged) {
            out.println(path + ": " + damaged.getMessage());
        } catch (CorruptLogException | IOException failed) {
            out.println(failed.getMessage());
        }
        return false;
    }

    private static boolean asks(CorruptLogException tail) {
        Console console = System.console();
        String answer =
                console == null ? "" : console.readLine("Cut %s at byte %d? [y/N] ", tail.file(), tail.offset());
        return "y".equalsIgnoreCase(answer);
    }
}
