package dev.jackdaw.server.persistence;

import dev.jackdaw.server.engine.Engine;

/** Owned by the event loop: how long the steps of work in the background may take, so that commands come first. */
final class Pace {
    /** The longest that a command waits for a step. */
    private static final long STEP_NANOS = 50_000;

    /** Shorter steps are not worth it. */
    private static final long MIN_STEP_NANOS = 8_000;

    /** While there are commands, steps take one part of the time, and commands so many. */
    private static final int COMMANDS_SHARE = 4;

    private final Engine engine;
    private long endedNanos;
    private long seenCommands;
    private long untilNanos;

    Pace(Engine engine) {
        this.engine = engine;
        this.endedNanos = engine.clock().nanos();
    }

    /** Begins a step; false if it is not time for one yet. */
    boolean begin() {
        long now = engine.clock().nanos();
        long commands = engine.stats().commands;
        boolean isIdle = commands == seenCommands;
        long nanos = isIdle ? STEP_NANOS : Math.min(STEP_NANOS, (now - endedNanos) / COMMANDS_SHARE);
        seenCommands = commands;
        if (nanos < MIN_STEP_NANOS) {
            return false;
        }
        untilNanos = now + nanos;
        return true;
    }

    /** Whether the step has taken its time. */
    boolean isOver() {
        endedNanos = engine.clock().nanos();
        return endedNanos >= untilNanos;
    }
}
