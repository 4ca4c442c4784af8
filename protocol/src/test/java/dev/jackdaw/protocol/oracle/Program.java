package dev.jackdaw.protocol.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Shared and stateless: programs that say something and end, such as those that come with redis-server. */
public final class Program {
    private static final int LIMIT_SECONDS = 60;

    private Program() {}

    /** What the program says; one that does not end is ended and fails the test. */
    public static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Process> end = process.onExit()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> endIf(late != null, process));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        end.join();
        return said;
    }

    /** Has the process end by force if it lives for so long, so that nobody reads from it for ever. */
    public static Process limit(Process process, int seconds) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    /** Not one that has ended by itself: what it said could not be read any more. */
    private static void endIf(boolean isLate, Process process) {
        if (isLate) {
            process.destroyForcibly();
        }
    }
}
