package dev.jackdaw.server.engine;

/**
 * Immutable: how a value lies in its entry. The number is the entry's kind, at most 15; {@code LARGE} kinds keep
 * blocks of their own outside the entry.
 */
public enum Kind {
    /** The bytes themselves. The entry's mark says that it was written in part (Redis's "raw" whatever the length). */
    STRING(Type.STRING),
    /** A 64-bit integer, little-endian. */
    INTEGER(Type.STRING),
    LIST_PACKED(Type.LIST),
    LIST_LARGE(Type.LIST),
    SET_INTEGERS(Type.SET),
    /** Its mark means nothing: Redis 7.0 has a hash table in any case. */
    SET_PACKED(Type.SET),
    SET_LARGE(Type.SET),
    /** The entry's mark says that Redis would not pack it, as a field or value is, or was, long. */
    HASH_PACKED(Type.HASH),
    /** Some of its fields expire; its mark means the same. */
    HASH_PACKED_EXPIRING(Type.HASH),
    HASH_LARGE(Type.HASH),
    /** Large, and some of its fields expire. */
    HASH_LARGE_EXPIRING(Type.HASH),
    /** The entry's mark says that Redis would not pack it, as a member is, or was, long. */
    SORTED_SET_PACKED(Type.SORTED_SET),
    SORTED_SET_LARGE(Type.SORTED_SET),
    /** Always outside its entry. */
    STREAM(Type.STREAM);

    /** What TYPE answers. */
    public enum Type {
        STRING("string"),
        LIST("list"),
        SET("set"),
        HASH("hash"),
        SORTED_SET("zset"),
        STREAM("stream");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    private static final Kind[] KINDS = values();

    private final Type type;

    Kind(Type type) {
        this.type = type;
    }

    public Type type() {
        return type;
    }

    /** Whether the value has blocks outside its entry. */
    public boolean isLarge() {
        return switch (this) {
            case STRING,
                    INTEGER,
                    LIST_PACKED,
                    SET_INTEGERS,
                    SET_PACKED,
                    HASH_PACKED,
                    HASH_PACKED_EXPIRING,
                    SORTED_SET_PACKED -> false;
            case LIST_LARGE, SET_LARGE, HASH_LARGE, HASH_LARGE_EXPIRING, SORTED_SET_LARGE, STREAM -> true;
        };
    }

    public static Kind of(int number) {
        return KINDS[number];
    }
}
