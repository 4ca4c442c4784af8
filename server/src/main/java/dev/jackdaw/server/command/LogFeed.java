package dev.jackdaw.server.command;

import dev.jackdaw.server.persistence.AppendLog;

/** Owned by the event loop: has the effects of commands go to the log. */
record LogFeed(Effects effects, AppendLog log) implements AppendLog.Feed, EffectSink {
    @Override
    public void begin() {
        effects.to(this);
    }

    @Override
    public void end() {
        effects.to(null);
    }

    @Override
    public void append(long address, int length) {
        log.append(address, length);
    }

    @Override
    public void whole() {
        log.whole();
    }
}
