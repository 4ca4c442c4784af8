package dev.jackdaw.protocol.bus;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Owned by one connection's event loop: the frame that was read last. What it names are slices of the buffer that it was
 * read from.
 *
 * <pre>
 *   | length of the rest (4) | type (1) | body |          numbers big-endian
 *
 *   the one that dials                           the one that accepts
 *   HELLO      magic, version, id, nonce   ──▶
 *                                          ◀──   CHALLENGE  id, nonce
 *   PROOF      proof                       ──▶
 *                                          ◀──   WELCOME    proof, whether changes are wanted
 *   PING       number of the last message  ──▶
 *                                          ◀──   PONG
 *   PUBLISH    number, channel, message    ──▶
 *   CHANGED    number, key                 ──▶
 *   CLEARED    number                      ──▶
 *                                          ◀──   INTEREST   whether changes are wanted
 * </pre>
 *
 * Messages are numbered for each connection's ends without a break, those too that could not be sent: so who reads them
 * notices what is missing, at the next message or the next PING.
 */
public final class BusFrame {
    /** Immutable: the kinds of frames; the number on the wire is the constant's place. */
    public enum Type {
        HELLO(MAGIC_BYTES + Byte.BYTES + NodeId.BYTES + NONCE_BYTES),
        CHALLENGE(NodeId.BYTES + NONCE_BYTES),
        PROOF(PROOF_BYTES),
        WELCOME(PROOF_BYTES + Byte.BYTES),
        PING(Long.BYTES),
        PONG(0),
        PUBLISH(Long.BYTES + Integer.BYTES, true),
        CHANGED(Long.BYTES, true),
        CLEARED(Long.BYTES),
        INTEREST(Byte.BYTES);

        private static final Type[] TYPES = values();

        private final int fixedBytes;
        private final boolean open;

        Type(int fixedBytes) {
            this(fixedBytes, false);
        }

        Type(int fixedBytes, boolean open) {
            this.fixedBytes = fixedBytes;
            this.open = open;
        }

        private boolean accepts(int bodyBytes) {
            return open ? bodyBytes >= fixedBytes : bodyBytes == fixedBytes;
        }
    }

    /** What no frame may exceed, its length field included. */
    public static final int MAX_BYTES = 16 << 20;
    /** The same for the frames before WELCOME. */
    public static final int MAX_GREETING_BYTES = 128;

    public static final int VERSION = 1;
    public static final int NONCE_BYTES = 16;
    public static final int PROOF_BYTES = 32;

    static final int MAGIC = 'J' << 24 | 'D' << 16 | 'A' << 8 | 'W';
    static final int MAGIC_BYTES = Integer.BYTES;
    static final int HEADER_BYTES = Integer.BYTES + Byte.BYTES;

    private Type type;
    private long body;
    private int length;

    /**
     * Reads the next frame of a direct buffer and moves past it; false if not all of it is there.
     *
     * @param maxBytes how long a frame may be, its length field included
     * @throws ProtocolException if these are not frames
     */
    public boolean read(ByteBuf in, int maxBytes) {
        if (in.readableBytes() < HEADER_BYTES) {
            return false;
        }
        int at = in.readerIndex();
        long bytes = Integer.BYTES + in.getUnsignedInt(at);
        if (bytes < HEADER_BYTES || bytes > maxBytes) {
            throw new ProtocolException("a bus frame of " + bytes + " bytes");
        }
        int number = in.getByte(at + Integer.BYTES);
        if (number < 0 || number >= Type.TYPES.length || !Type.TYPES[number].accepts((int) bytes - HEADER_BYTES)) {
            throw new ProtocolException("a bus frame of type " + number + " with " + bytes + " bytes");
        }
        if (in.readableBytes() < bytes) {
            return false;
        }
        type = Type.TYPES[number];
        body = in.memoryAddress() + at + HEADER_BYTES;
        length = (int) bytes - HEADER_BYTES;
        in.skipBytes((int) bytes);
        if (type == Type.HELLO && (intAt(0) != MAGIC || Raw.getByte(body + MAGIC_BYTES) != VERSION)) {
            throw new ProtocolException("another protocol, or another version of it");
        }
        if (type == Type.PUBLISH && (channelLength() < 0 || channelLength() > length - type.fixedBytes)) {
            throw new ProtocolException("a channel's name of " + channelLength() + " bytes");
        }
        return true;
    }

    public Type type() {
        return type;
    }

    /** Of HELLO and CHALLENGE: who sends it. */
    public NodeId id() {
        int at = type == Type.HELLO ? MAGIC_BYTES + Byte.BYTES : 0;
        return new NodeId(longAt(at), longAt(at + Long.BYTES));
    }

    /** Of HELLO and CHALLENGE. */
    public byte[] nonce() {
        return Raw.bytes(body + length - NONCE_BYTES, NONCE_BYTES);
    }

    /** Of PROOF and WELCOME. */
    public byte[] proof() {
        return Raw.bytes(body, PROOF_BYTES);
    }

    /** Of WELCOME and INTEREST. */
    public boolean wantsChanges() {
        return Raw.getByte(body + length - 1) != 0;
    }

    /** Of PING: the number of the last message; of messages: their own. */
    public long sequence() {
        return longAt(0);
    }

    /** Of PUBLISH. */
    public long channel() {
        return body + Type.PUBLISH.fixedBytes;
    }

    public int channelLength() {
        return intAt(Long.BYTES);
    }

    /** Of PUBLISH. */
    public long message() {
        return channel() + channelLength();
    }

    public int messageLength() {
        return length - Type.PUBLISH.fixedBytes - channelLength();
    }

    /** Of CHANGED. */
    public long key() {
        return body + Long.BYTES;
    }

    public int keyLength() {
        return length - Long.BYTES;
    }

    private int intAt(int offset) {
        return Integer.reverseBytes(Raw.getInt(body + offset));
    }

    private long longAt(int offset) {
        return Long.reverseBytes(Raw.getLong(body + offset));
    }
}
