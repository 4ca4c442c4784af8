package dev.jackdaw.server.bus;

import io.netty.buffer.ByteBuf;

/** Immutable: writes one frame. */
@FunctionalInterface
interface BusText {
    void write(ByteBuf out);
}
