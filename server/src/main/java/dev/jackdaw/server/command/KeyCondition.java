package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.Xxh3;
import dev.jackdaw.server.value.StringValue;

/**
 * Owned by the event loop: what one SET, MSETEX or DELEX at a time wants of a key before it changes it: that it is there or not, or
 * how its string compares with a value, or the digest of the string with another.
 */
final class KeyCondition {
    private static final int DIGITS = 16;

    private enum Demand {
        NONE,
        NX,
        XX,
        IFEQ,
        IFNE,
        IFDEQ,
        IFDNE
    }

    private final StringValue string;
    private final Xxh3 xxh3 = new Xxh3();
    private final long digest;
    private Demand demand;
    private int operand;

    KeyCondition(Engine engine, StringValue string) {
        this.string = string;
        this.digest = engine.heap().reserve(DIGITS);
    }

    void clear() {
        demand = Demand.NONE;
    }

    /** Whether the argument is a condition about the key being there, which then is this one. */
    boolean readPresence(Call call, int i) {
        return read(call, i, "NX", Demand.NX) || read(call, i, "XX", Demand.XX);
    }

    /** Whether the argument is a comparison, which then is this one; what is compared with stands in the next. */
    boolean readComparison(Call call, int i) {
        boolean found = read(call, i, "IFEQ", Demand.IFEQ)
                || read(call, i, "IFNE", Demand.IFNE)
                || read(call, i, "IFDEQ", Demand.IFDEQ)
                || read(call, i, "IFDNE", Demand.IFDNE);
        operand = found ? i + 1 : operand;
        return found;
    }

    /** The same word again is no mistake. */
    private boolean read(Call call, int i, String word, Demand read) {
        if (!call.is(i, word)) {
            return false;
        }
        if (demand != Demand.NONE && demand != read) {
            throw Refusal.SYNTAX;
        }
        demand = read;
        return true;
    }

    /** Makes it the condition that a string equals an argument. */
    void beEqual(int i) {
        demand = Demand.IFEQ;
        operand = i;
    }

    /** Whether the value is looked at, which must be a string then. */
    boolean compares() {
        return demand.compareTo(Demand.IFEQ) >= 0;
    }

    /** Whether the key with this entry, or 0, is as wanted. */
    boolean holds(Call call, long entry) {
        return switch (demand) {
            case NONE -> true;
            case NX -> entry == 0;
            case XX -> entry != 0;
            case IFEQ -> entry != 0 && isEqual(call, entry);
            case IFNE -> entry == 0 || !isEqual(call, entry);
            case IFDEQ -> entry != 0 && hasDigest(call, entry);
            case IFDNE -> entry == 0 || !hasDigest(call, entry);
        };
    }

    private boolean isEqual(Call call, long entry) {
        checkString(entry);
        string.at(entry);
        return string.length() == call.length(operand)
                && Raw.equal(string.address(), call.address(operand), string.length());
    }

    private boolean hasDigest(Call call, long entry) {
        checkString(entry);
        if (call.length(operand) != DIGITS) {
            throw new Refusal(CommandError.DIGEST_LENGTH);
        }
        writeDigest(entry);
        boolean same = true;
        for (int i = 0; i < DIGITS; i++) {
            same &= Character.toLowerCase(Raw.getUnsignedByte(call.address(operand) + i)) == Raw.getByte(digest + i);
        }
        return same;
    }

    private static void checkString(long entry) {
        if (Kind.of(Entry.kind(entry)).type() != Kind.Type.STRING) {
            throw Refusal.WRONG_TYPE;
        }
    }

    /** Replies with the digest of an entry's string. */
    void replyDigest(ReplyWriter reply, long entry) {
        writeDigest(entry);
        reply.bulk(digest, DIGITS);
    }

    private void writeDigest(long entry) {
        string.at(entry);
        long hash = xxh3.of(string.address(), string.length());
        for (int i = 0; i < DIGITS; i++) {
            hash = Long.rotateLeft(hash, 4);
            Raw.putByte(digest + i, Character.forDigit((int) hash & 15, 16));
        }
    }
}
