package dev.jackdaw.server.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;
import dev.jackdaw.server.value.StreamValue;
import dev.jackdaw.server.value.StringValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Owned by the event loop: tells whether two servers hold the same, however they keep it: what {@code DEBUG DIGEST} answers.
 * A Redis with the same keys answers the same digest, so it shows as well whether data came whole from one to the other.
 *
 * <pre>
 *   database number, { key, type, value, whether it expires } ...    a bag of keys
 *     list, stream     one element after the other
 *     set, hash, zset  a bag of elements
 * </pre>
 */
final class DataDigest {
    private static final byte[] EXPIRES = ascii("!!expire!!");
    private static final byte[] FIELD_EXPIRES = ascii("!!hexpire!!");

    private final Engine engine;
    private final StringValue string;
    private final ListValue list;
    private final SetValue set;
    private final HashValue hash;
    private final SortedSetValue sortedSet;
    private final StreamValue stream;

    DataDigest(Engine engine) {
        this.engine = engine;
        this.string = new StringValue(engine);
        this.list = new ListValue(engine);
        this.set = new SetValue(engine);
        this.hash = new HashValue(engine);
        this.sortedSet = new SortedSetValue(engine);
        this.stream = new StreamValue(engine);
    }

    /** The digest of all databases. */
    String ofAll() {
        Sum all = new Sum();
        for (int i = 0; i < engine.databases(); i++) {
            Keyspace keyspace = engine.keyspace(i);
            if (keyspace.size() > 0) {
                all.mix(number(i));
                addKeys(keyspace, all);
            }
        }
        return all.text();
    }

    private void addKeys(Keyspace keyspace, Sum all) {
        long cursor = 0;
        do {
            cursor = keyspace.scan(cursor, entry -> {
                Sum one = new Sum();
                one.mix(Raw.bytes(Entry.keyAddress(entry), Entry.keyLength(entry)));
                addValue(keyspace, entry, one);
                all.add(one.bytes);
            });
        } while (cursor != 0);
    }

    /** The digest of a value without its key; of nothing if the entry is 0. */
    String of(Keyspace keyspace, long entry) {
        Sum value = new Sum();
        if (entry != 0) {
            addValue(keyspace, entry, value);
        }
        return value.text();
    }

    private void addValue(Keyspace keyspace, long entry, Sum sum) {
        switch (Kind.of(Entry.kind(entry)).type()) {
            case STRING -> {
                sum.mix(number(0));
                string.at(entry);
                sum.mix(Raw.bytes(string.address(), string.length()));
            }
            case LIST -> {
                sum.mix(number(1));
                list.at(keyspace, entry);
                for (boolean more = list.seek(0); more; more = list.next()) {
                    sum.mix(Raw.bytes(list.address(), list.length()));
                }
            }
            case SET -> {
                sum.mix(number(2));
                set.at(keyspace, entry);
                set.walk();
                while (set.next()) {
                    sum.add(Raw.bytes(set.address(), set.length()));
                }
            }
            case SORTED_SET -> {
                sum.mix(number(3));
                sortedSet.at(keyspace, entry);
                for (boolean more = sortedSet.seek(0); more; more = sortedSet.next()) {
                    Sum element = new Sum();
                    element.mix(Raw.bytes(sortedSet.address(), sortedSet.length()));
                    element.mix(ascii(Doubles.text(sortedSet.score())));
                    sum.add(element.bytes);
                }
            }
            case HASH -> {
                sum.mix(number(4));
                addFields(keyspace, entry, sum);
            }
            case STREAM -> {
                sum.mix(number(6));
                addEntries(keyspace, entry, sum);
            }
        }
        if (Entry.expires(entry)) {
            sum.add(EXPIRES);
        }
    }

    private void addFields(Keyspace keyspace, long entry, Sum sum) {
        hash.at(keyspace, entry);
        hash.walk();
        while (hash.next()) {
            Sum field = new Sum();
            field.mix(Raw.bytes(hash.fieldAddress(), hash.fieldLength()));
            field.mix(Raw.bytes(hash.valueAddress(), hash.valueLength()));
            if (hash.expireAtMillis() != Entry.NEVER) {
                field.add(FIELD_EXPIRES);
            }
            sum.add(field.bytes);
        }
    }

    private void addEntries(Keyspace keyspace, long entry, Sum sum) {
        stream.at(keyspace, entry);
        StreamLog log = stream.log();
        StreamLog.Visitor visitor = new StreamLog.Visitor() {
            @Override
            public void bytes(long address, int length) {
                sum.mix(Raw.bytes(address, length));
            }

            @Override
            public void integer(long value) {
                sum.mix(ascii(Long.toString(value)));
            }
        };
        for (boolean more = log.first(); more; more = log.next()) {
            sum.mix(ascii(Long.toUnsignedString(log.upper()) + '.' + Long.toUnsignedString(log.lower())));
            log.visit(visitor);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** Owned by whoever makes it: a digest of what is put into it. */
    private static final class Sum {
        private final MessageDigest sha1 = sha1();
        private final byte[] bytes = new byte[sha1.getDigestLength()];

        private static MessageDigest sha1() {
            try {
                return MessageDigest.getInstance("SHA-1");
            } catch (NoSuchAlgorithmException impossible) {
                throw new AssertionError("every JDK has it", impossible);
            }
        }

        /** Puts something into it in whatever order: one more of a bag. */
        void add(byte[] element) {
            byte[] digest = sha1.digest(element);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= digest[i];
            }
        }

        /** Puts something into it that comes after what is in it. */
        void mix(byte[] next) {
            add(next);
            System.arraycopy(sha1.digest(bytes), 0, bytes, 0, bytes.length);
        }

        String text() {
            return HexFormat.of().formatHex(bytes);
        }
    }
}
