package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Immutable and stateless: the layout of an entry, one allocation that holds a key, its value and its time of expiry.
 *
 * <pre>
 *   | flags 1 | key length 1, 2 or 5 | value length 1, 2 or 5 | expiry 0, 5 or 8 | key | value |
 *
 *   flags   bit 7 note   bit 6 mark   bits 5-4 expiry form   bits 3-0 kind
 *   length  see {@link Varint}
 *   expiry  none | 40 bits of milliseconds since 2020 | 64 bits of milliseconds since 1970
 * </pre>
 *
 * Kind and mark mean what the engine wants them to mean. A note is what a walk over all entries has left at one that it has
 * not come to ({@link EntryStore#walk}). An entry that expires has no flags of 0.
 */
public final class Entry {
    /** The most bytes that a key or a value may have: two of them and what is around them are less than 2 GB. */
    public static final int MAX_LENGTH = (1 << 30) - 1024;

    /** As a time of expiry: never. */
    public static final long NEVER = Slabs.NEVER;

    private static final int NOTE = 0x80;
    private static final int MARK = 0x40;
    private static final int KIND = 0x0f;
    private static final int EXPIRY_SHIFT = 4;
    private static final int EXPIRY_FORM = 3;
    private static final int FORM_NEVER = 0;
    private static final int FORM_SHORT = 1;
    private static final int FORM_LONG = 2;
    private static final int[] EXPIRY_BYTES = {0, 5, 8, 0};
    /** 2020-01-01T00:00:00Z. */
    private static final long SHORT_EPOCH = 1_577_836_800_000L;

    private static final long SHORT_MASK = (1L << 40) - 1;

    private Entry() {}

    public static int kind(long entry) {
        return Raw.getByte(entry) & KIND;
    }

    public static boolean isMarked(long entry) {
        return (Raw.getByte(entry) & MARK) != 0;
    }

    public static void mark(long entry, boolean marked) {
        int flags = Raw.getByte(entry);
        Raw.putByte(entry, marked ? flags | MARK : flags & ~MARK);
    }

    public static boolean isNoted(long entry) {
        return Raw.getByte(entry) < 0;
    }

    public static void note(long entry, boolean noted) {
        int flags = Raw.getByte(entry);
        Raw.putByte(entry, noted ? flags | NOTE : flags & ~NOTE);
    }

    /** Changes the kind in place; the length of the value stays. */
    public static void kind(long entry, int kind) {
        Raw.putByte(entry, Raw.getByte(entry) & ~KIND | kind);
    }

    public static boolean expires(long entry) {
        return (Raw.getByte(entry) >> EXPIRY_SHIFT & EXPIRY_FORM) != FORM_NEVER;
    }

    /** Milliseconds since 1970 at which the entry expires, or {@link #NEVER}. */
    public static long expireAtMillis(long entry) {
        int form = Raw.getByte(entry) >> EXPIRY_SHIFT & EXPIRY_FORM;
        if (form == FORM_NEVER) {
            return NEVER;
        }
        long at = expiryAddress(entry);
        return form == FORM_SHORT
                ? (Raw.getInt(at) & 0xffffffffL | (long) Raw.getUnsignedByte(at + 4) << 32) + SHORT_EPOCH
                : Raw.getLong(at);
    }

    public static int keyLength(long entry) {
        return Varint.get(entry + 1);
    }

    public static long keyAddress(long entry) {
        return expiryAddress(entry) + EXPIRY_BYTES[Raw.getByte(entry) >> EXPIRY_SHIFT & EXPIRY_FORM];
    }

    public static int valueLength(long entry) {
        return Varint.get(entry + 1 + Varint.bytesAt(entry + 1));
    }

    public static long valueAddress(long entry) {
        return keyAddress(entry) + keyLength(entry);
    }

    /** The bytes of the entry in all. */
    static int bytes(long entry) {
        long keyLengthAt = entry + 1;
        long valueLengthAt = keyLengthAt + Varint.bytesAt(keyLengthAt);
        return (int) (valueLengthAt - entry)
                + Varint.bytesAt(valueLengthAt)
                + EXPIRY_BYTES[Raw.getByte(entry) >> EXPIRY_SHIFT & EXPIRY_FORM]
                + Varint.get(keyLengthAt)
                + Varint.get(valueLengthAt);
    }

    /** What an entry of these parts takes. */
    static int bytes(int keyLength, int valueLength, long expireAtMillis) {
        return 1
                + Varint.bytes(keyLength)
                + Varint.bytes(valueLength)
                + EXPIRY_BYTES[form(expireAtMillis)]
                + keyLength
                + valueLength;
    }

    /** Writes everything but the key and the value; there is no note. */
    static void header(long entry, int kind, boolean marked, int keyLength, int valueLength, long expireAtMillis) {
        int form = form(expireAtMillis);
        Raw.putByte(entry, (marked ? MARK : 0) | form << EXPIRY_SHIFT | kind);
        long at = Varint.put(entry + 1, keyLength);
        at = Varint.put(at, valueLength);
        if (form == FORM_SHORT) {
            long sinceEpoch = expireAtMillis - SHORT_EPOCH;
            Raw.putInt(at, (int) sinceEpoch);
            Raw.putByte(at + 4, (int) (sinceEpoch >>> 32));
        } else if (form == FORM_LONG) {
            Raw.putLong(at, expireAtMillis);
        }
    }

    private static int form(long expireAtMillis) {
        if (expireAtMillis == NEVER) {
            return FORM_NEVER;
        }
        long sinceEpoch = expireAtMillis - SHORT_EPOCH;
        return (sinceEpoch & ~SHORT_MASK) == 0 ? FORM_SHORT : FORM_LONG;
    }

    private static long expiryAddress(long entry) {
        long valueLengthAt = entry + 1 + Varint.bytesAt(entry + 1);
        return valueLengthAt + Varint.bytesAt(valueLengthAt);
    }
}
