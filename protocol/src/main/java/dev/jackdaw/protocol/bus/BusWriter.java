package dev.jackdaw.protocol.bus;

import static dev.jackdaw.protocol.bus.BusFrame.HEADER_BYTES;

import dev.jackdaw.protocol.bus.BusFrame.Type;
import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;

/** Shared and stateless: appends frames of the bus to a direct buffer; see {@link BusFrame}. */
public final class BusWriter {
    private BusWriter() {}

    public static void hello(ByteBuf out, NodeId id, byte[] nonce) {
        header(out, Type.HELLO, BusFrame.MAGIC_BYTES + Byte.BYTES + NodeId.BYTES + nonce.length);
        out.writeInt(BusFrame.MAGIC);
        out.writeByte(BusFrame.VERSION);
        id(out, id);
        out.writeBytes(nonce);
    }

    public static void challenge(ByteBuf out, NodeId id, byte[] nonce) {
        header(out, Type.CHALLENGE, NodeId.BYTES + nonce.length);
        id(out, id);
        out.writeBytes(nonce);
    }

    public static void proof(ByteBuf out, byte[] proof) {
        header(out, Type.PROOF, proof.length);
        out.writeBytes(proof);
    }

    public static void welcome(ByteBuf out, byte[] proof, boolean wantsChanges) {
        header(out, Type.WELCOME, proof.length + Byte.BYTES);
        out.writeBytes(proof);
        out.writeBoolean(wantsChanges);
    }

    public static void ping(ByteBuf out, long sequence) {
        header(out, Type.PING, Long.BYTES);
        out.writeLong(sequence);
    }

    public static void pong(ByteBuf out) {
        header(out, Type.PONG, 0);
    }

    /** Whether a message is short enough to be sent. */
    public static boolean fits(int channelLength, int messageLength) {
        long bytes = (long) HEADER_BYTES + Long.BYTES + Integer.BYTES + channelLength + messageLength;
        return bytes <= BusFrame.MAX_BYTES;
    }

    public static void publish(
            ByteBuf out, long sequence, long channel, int channelLength, long message, int messageLength) {
        header(out, Type.PUBLISH, Long.BYTES + Integer.BYTES + channelLength + messageLength);
        out.writeLong(sequence);
        out.writeInt(channelLength);
        bytes(out, channel, channelLength);
        bytes(out, message, messageLength);
    }

    /** Whether a key is short enough to be sent. */
    public static boolean fits(int keyLength) {
        return (long) HEADER_BYTES + Long.BYTES + keyLength <= BusFrame.MAX_BYTES;
    }

    public static void changed(ByteBuf out, long sequence, long key, int length) {
        header(out, Type.CHANGED, Long.BYTES + length);
        out.writeLong(sequence);
        bytes(out, key, length);
    }

    public static void cleared(ByteBuf out, long sequence) {
        header(out, Type.CLEARED, Long.BYTES);
        out.writeLong(sequence);
    }

    public static void interest(ByteBuf out, boolean wantsChanges) {
        header(out, Type.INTEREST, Byte.BYTES);
        out.writeBoolean(wantsChanges);
    }

    private static void header(ByteBuf out, Type type, int bodyBytes) {
        out.writeInt(Byte.BYTES + bodyBytes);
        out.writeByte(type.ordinal());
    }

    private static void id(ByteBuf out, NodeId id) {
        out.writeLong(id.high());
        out.writeLong(id.low());
    }

    private static void bytes(ByteBuf out, long address, int length) {
        out.ensureWritable(length);
        Raw.copy(address, out.memoryAddress() + out.writerIndex(), length);
        out.writerIndex(out.writerIndex() + length);
    }
}
