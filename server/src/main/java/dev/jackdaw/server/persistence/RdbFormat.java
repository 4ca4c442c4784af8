package dev.jackdaw.server.persistence;

/** Shared and stateless: the numbers of the RDB format. */
final class RdbFormat {
    /** What is written: Redis 7.0 and all later ones read it. */
    static final int VERSION = 10;
    /** What is written where fields of hashes expire, which Redis has since 7.4. */
    static final int VERSION_WITH_FIELD_EXPIRY = 12;
    /** The highest of Redis's that is read. */
    static final int MAX_VERSION = 12;
    /** Valkey's own count begins here. */
    static final int VALKEY_VERSION = 80;

    // Types of values
    static final int STRING = 0;
    static final int LIST = 1;
    static final int SET = 2;
    static final int SORTED_SET = 3;
    static final int HASH = 4;
    static final int SORTED_SET_2 = 5;
    static final int MODULE = 6;
    static final int MODULE_2 = 7;
    static final int HASH_ZIPMAP = 9;
    static final int LIST_ZIPLIST = 10;
    static final int SET_INTSET = 11;
    static final int SORTED_SET_ZIPLIST = 12;
    static final int HASH_ZIPLIST = 13;
    static final int LIST_QUICKLIST = 14;
    static final int STREAM = 15;
    static final int HASH_LISTPACK = 16;
    static final int SORTED_SET_LISTPACK = 17;
    static final int LIST_QUICKLIST_2 = 18;
    static final int STREAM_2 = 19;
    static final int SET_LISTPACK = 20;
    static final int STREAM_3 = 21;
    /** Only in Valkey's own versions; in Redis's the number was never used by a release. */
    static final int HASH_WITH_EXPIRY_VALKEY = 22;

    static final int HASH_WITH_EXPIRY = 24;
    static final int HASH_LISTPACK_WITH_EXPIRY = 25;

    // What stands between values
    static final int SLOT_INFO = 244;
    static final int FUNCTION = 245;
    static final int MODULE_AUX = 247;
    static final int IDLE = 248;
    static final int FREQUENCY = 249;
    static final int AUX = 250;
    static final int RESIZE = 251;
    static final int EXPIRE_MILLIS = 252;
    static final int EXPIRE_SECONDS = 253;
    static final int SELECT = 254;
    static final int END = 255;

    // Lengths: the two highest bits of the first byte say how long they are, or how a string is encoded
    static final int LENGTH_14 = 0x40;
    static final int LENGTH_32 = 0x80;
    static final int LENGTH_64 = 0x81;
    static final int ENCODED = 0xc0;
    static final int INT_8 = 0;
    static final int INT_16 = 1;
    static final int INT_32 = 2;
    static final int LZF = 3;

    // Nodes of a list
    static final int PLAIN_NODE = 1;
    static final int PACKED_NODE = 2;

    // What a module has saved beside keys
    static final int MODULE_END = 0;
    static final int MODULE_SIGNED = 1;
    static final int MODULE_UNSIGNED = 2;
    static final int MODULE_FLOAT = 3;
    static final int MODULE_DOUBLE = 4;
    static final int MODULE_STRING = 5;

    /** The version and the checksum that end a DUMP payload. */
    static final int FOOTER_BYTES = 10;

    private RdbFormat() {}

    /** Whether a value of the type is written as one string. */
    static boolean isOneString(int type) {
        return switch (type) {
            case STRING, HASH_ZIPMAP, LIST_ZIPLIST, SET_INTSET, SORTED_SET_ZIPLIST -> true;
            case HASH_ZIPLIST, HASH_LISTPACK, SORTED_SET_LISTPACK, SET_LISTPACK -> true;
            default -> false;
        };
    }

    static boolean isKnown(int version) {
        return version >= 1 && version <= MAX_VERSION || version == VALKEY_VERSION;
    }
}
