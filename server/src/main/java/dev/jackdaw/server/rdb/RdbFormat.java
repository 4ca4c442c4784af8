package dev.jackdaw.server.rdb;

/** Shared and stateless: the numbers of the RDB format. */
public final class RdbFormat {
    /** What is written: Redis 7.0 and all later ones read it. */
    public static final int VERSION = 10;
    /** What is written where fields of hashes expire, which Redis has since 7.4. */
    public static final int VERSION_WITH_FIELD_EXPIRY = 12;
    /** The highest of Redis's that is read. */
    public static final int MAX_VERSION = 12;
    /** Valkey's own count begins here. */
    public static final int VALKEY_VERSION = 80;

    // Types of values
    public static final int STRING = 0;
    public static final int LIST = 1;
    public static final int SET = 2;
    public static final int SORTED_SET = 3;
    public static final int HASH = 4;
    public static final int SORTED_SET_2 = 5;
    public static final int MODULE = 6;
    public static final int MODULE_2 = 7;
    public static final int HASH_ZIPMAP = 9;
    public static final int LIST_ZIPLIST = 10;
    public static final int SET_INTSET = 11;
    public static final int SORTED_SET_ZIPLIST = 12;
    public static final int HASH_ZIPLIST = 13;
    public static final int LIST_QUICKLIST = 14;
    public static final int STREAM = 15;
    public static final int HASH_LISTPACK = 16;
    public static final int SORTED_SET_LISTPACK = 17;
    public static final int LIST_QUICKLIST_2 = 18;
    public static final int STREAM_2 = 19;
    public static final int SET_LISTPACK = 20;
    public static final int STREAM_3 = 21;
    /** Only in Valkey's own versions; in Redis's the number was never used by a release. */
    public static final int HASH_WITH_EXPIRY_VALKEY = 22;

    public static final int HASH_WITH_EXPIRY = 24;
    public static final int HASH_LISTPACK_WITH_EXPIRY = 25;

    // What stands between values
    public static final int SLOT_INFO = 244;
    public static final int FUNCTION = 245;
    public static final int MODULE_AUX = 247;
    public static final int IDLE = 248;
    public static final int FREQUENCY = 249;
    public static final int AUX = 250;
    public static final int RESIZE = 251;
    public static final int EXPIRE_MILLIS = 252;
    public static final int EXPIRE_SECONDS = 253;
    public static final int SELECT = 254;
    public static final int END = 255;

    // Lengths: the two highest bits of the first byte say how long they are, or how a string is encoded
    public static final int LENGTH_14 = 0x40;
    public static final int LENGTH_32 = 0x80;
    public static final int LENGTH_64 = 0x81;
    public static final int ENCODED = 0xc0;
    public static final int INT_8 = 0;
    public static final int INT_16 = 1;
    public static final int INT_32 = 2;
    public static final int LZF = 3;

    // Nodes of a list
    public static final int PLAIN_NODE = 1;
    public static final int PACKED_NODE = 2;

    // What a module has saved beside keys
    public static final int MODULE_END = 0;
    public static final int MODULE_SIGNED = 1;
    public static final int MODULE_UNSIGNED = 2;
    public static final int MODULE_FLOAT = 3;
    public static final int MODULE_DOUBLE = 4;
    public static final int MODULE_STRING = 5;

    /** The version and the checksum that end a DUMP payload. */
    public static final int FOOTER_BYTES = 10;

    private RdbFormat() {}

    /** Whether a value of the type is written as one string. */
    public static boolean isOneString(int type) {
        return switch (type) {
            case STRING, HASH_ZIPMAP, LIST_ZIPLIST, SET_INTSET, SORTED_SET_ZIPLIST -> true;
            case HASH_ZIPLIST, HASH_LISTPACK, SORTED_SET_LISTPACK, SET_LISTPACK -> true;
            default -> false;
        };
    }

    public static boolean isKnown(int version) {
        return version >= 1 && version <= MAX_VERSION || version == VALKEY_VERSION;
    }
}
