package dev.jackdaw.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Immutable: on which core the measured process runs and on which everything else does, so that neither takes time from the
 * other. On a machine with one core nothing is pinned.
 */
public record Cores(int measured, int others) {
    /** A command line that starts the same process on one core; its pid stays that of the process. */
    List<String> pin(int core, List<String> command) {
        if (!isPinned()) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }

    /** Moves every thread of this process, and those that it starts, to the other core. */
    public void pinThisProcess() throws IOException {
        if (!isPinned()) {
            return;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", Integer.toString(others), pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (taskset.waitFor() != 0) {
                throw new IOException("taskset could not pin this process to core " + others);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private boolean isPinned() {
        return measured != others;
    }

    @Override
    public String toString() {
        return isPinned() ? "measured process on core " + measured + ", the rest on core " + others : "nothing pinned";
    }
}
