package dev.jackdaw.server.command;

import dev.jackdaw.server.persistence.CorruptLogException;
import dev.jackdaw.server.persistence.Replay;
import io.netty.buffer.ByteBuf;

/** Owned by the event loop: does what a log says; meanwhile the data follow it. */
final class LogReplay implements Replay {
    private final Node node;
    private EffectReader reader;
    private long applied;

    LogReplay(Node node) {
        this.node = node;
    }

    @Override
    public void begin() {
        node.engine().following(true);
        reader = new EffectReader(node, new CommandExecutor(node));
    }

    @Override
    public void apply(ByteBuf commands) {
        int bytes = commands.readableBytes();
        try {
            reader.apply(commands);
        } catch (EffectException failed) {
            throw new CorruptLogException(failed.getMessage(), failed.offset() - applied);
        }
        applied += bytes;
    }

    @Override
    public long openBytes() {
        return applied - reader.wholeBytes();
    }

    @Override
    public void end() {
        reader.close();
        node.engine().following(false);
    }
}
