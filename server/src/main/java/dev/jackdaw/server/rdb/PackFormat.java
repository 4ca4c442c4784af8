package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Listpack;

/**
 * Immutable: the ways in which Redis packs elements into one string, today and formerly, each of which can be checked and
 * walked. Nothing but {@link #isSound} may be given bytes that have not been found sound.
 *
 * <pre>
 *   ziplist  | bytes 4 | offset of the last 4 | elements 2 | element | element | ... | ff |
 *   element  | bytes of the one before 1, or fe and 4 | form 1, 2 or 5 | text or integer |
 * </pre>
 */
enum PackFormat {
    LISTPACK {
        @Override
        boolean isSound(long pack, long bytes) {
            return Listpack.isSound(pack, bytes);
        }

        @Override
        long first(long pack) {
            return Listpack.first(pack);
        }

        @Override
        long next(long element) {
            return Listpack.next(element);
        }

        @Override
        boolean isInteger(long element) {
            return Listpack.isInteger(element);
        }

        @Override
        long integer(long element) {
            return Listpack.integer(element);
        }

        @Override
        long text(long element) {
            return Listpack.text(element);
        }

        @Override
        int textLength(long element) {
            return Listpack.textLength(element);
        }
    },

    ZIPLIST {
        private static final int HEADER = 10;
        private static final int UNCOUNTED = 0xffff;
        private static final int TEXT_14 = 0x40;
        private static final int TEXT_32 = 0x80;
        private static final int INT_16 = 0xc0;
        private static final int INT_32 = 0xd0;
        private static final int INT_64 = 0xe0;
        private static final int INT_24 = 0xf0;
        private static final int INT_8 = 0xfe;
        private static final int FIRST_IMMEDIATE = 0xf1;
        private static final int LAST_IMMEDIATE = 0xfd;

        @Override
        boolean isSound(long pack, long bytes) {
            if (bytes <= HEADER || Integer.toUnsignedLong(Raw.getInt(pack)) != bytes) {
                return false;
            }
            long end = pack + bytes - 1;
            long at = first(pack);
            long last = at;
            long before = 0;
            int elements = 0;
            while (at < end) {
                if (lengthBytes(at) + 1 > end - at || length(at) != before) {
                    return false;
                }
                long form = form(at);
                if (headBytes(form) == 0 || headBytes(form) > end - form) {
                    return false;
                }
                long next = form + headBytes(form) + contentBytes(form);
                if (next > end) {
                    return false;
                }
                before = next - at;
                last = at;
                at = next;
                elements++;
            }
            int counted = Raw.getUnsignedShort(pack + 8);
            return Raw.getUnsignedByte(end) == END
                    && Integer.toUnsignedLong(Raw.getInt(pack + 4)) == last - pack
                    && (counted == UNCOUNTED || counted == elements);
        }

        @Override
        long first(long pack) {
            return pack + HEADER;
        }

        @Override
        long next(long element) {
            long form = form(element);
            return form + headBytes(form) + contentBytes(form);
        }

        private long form(long element) {
            return element + lengthBytes(element);
        }

        /** The bytes of the form and the length in it, 0 if there is no such form. */
        private int headBytes(long form) {
            int first = Raw.getUnsignedByte(form);
            if (first < INT_16) {
                return first < TEXT_14 ? 1 : first < TEXT_32 ? 2 : 5;
            }
            return switch (first) {
                case INT_8, INT_16, INT_24, INT_32, INT_64 -> 1;
                default -> first >= FIRST_IMMEDIATE && first <= LAST_IMMEDIATE ? 1 : 0;
            };
        }

        private long contentBytes(long form) {
            int first = Raw.getUnsignedByte(form);
            if (first < TEXT_14) {
                return first;
            }
            if (first < TEXT_32) {
                return (first & 0x3f) << Byte.SIZE | Raw.getUnsignedByte(form + 1);
            }
            return switch (first) {
                case INT_8 -> 1;
                case INT_16 -> 2;
                case INT_24 -> 3;
                case INT_32 -> 4;
                case INT_64 -> 8;
                default -> first < INT_16 ? Integer.toUnsignedLong(Integer.reverseBytes(Raw.getInt(form + 1))) : 0;
            };
        }

        @Override
        boolean isInteger(long element) {
            return Raw.getUnsignedByte(form(element)) >= INT_16;
        }

        @Override
        long integer(long element) {
            long form = form(element);
            int first = Raw.getUnsignedByte(form);
            return switch (first) {
                case INT_8 -> Raw.getByte(form + 1);
                case INT_16 -> Raw.getShort(form + 1);
                case INT_24 -> Raw.getInt(form) >> Byte.SIZE;
                case INT_32 -> Raw.getInt(form + 1);
                case INT_64 -> Raw.getLong(form + 1);
                default -> first - FIRST_IMMEDIATE;
            };
        }

        @Override
        long text(long element) {
            long form = form(element);
            return form + headBytes(form);
        }

        @Override
        int textLength(long element) {
            return (int) contentBytes(form(element));
        }
    };

    static final int END = 0xff;

    private static final int LONG_LENGTH = 254;

    /** Whether so many bytes, of which nothing is believed, are of this format. */
    abstract boolean isSound(long pack, long bytes);

    abstract long first(long pack);

    abstract long next(long element);

    abstract boolean isInteger(long element);

    abstract long integer(long element);

    abstract long text(long element);

    abstract int textLength(long element);

    /** The bytes of a length of one byte, or of five. */
    private static int lengthBytes(long at) {
        return Raw.getUnsignedByte(at) < LONG_LENGTH ? 1 : 5;
    }

    private static long length(long at) {
        int first = Raw.getUnsignedByte(at);
        return first < LONG_LENGTH ? first : Integer.toUnsignedLong(Raw.getInt(at + 1));
    }
}
