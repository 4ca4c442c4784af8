package dev.jackdaw.server.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Shared and stateless: commands that make keys of every type, in every encoding, with odd and with random contents. */
public final class Shapes {
    private static final long EXPIRE_MILLIS = 1_900_000_000_123L;

    private Shapes() {}

    /** The same commands for the same seed. */
    public static List<String[]> commands(long seed) {
        Random random = new Random(seed);
        List<String[]> commands = new ArrayList<>();
        strings(commands, random);
        lists(commands, random);
        sets(commands, random);
        hashes(commands, random);
        sortedSets(commands, random);
        streams(commands, random);
        commands.add(words("PEXPIREAT", "s-text", EXPIRE_MILLIS));
        commands.add(words("PEXPIREAT", "z-large", EXPIRE_MILLIS + 1));
        commands.add(words("PEXPIREAT", "x-groups", EXPIRE_MILLIS + 2));
        return commands;
    }

    private static void strings(List<String[]> commands, Random random) {
        for (String value :
                List.of("", "0", "-1", "127", "-129", "32768", "-32769", "2147483648", "9223372036854775807")) {
            commands.add(words("SET", "s" + value, value));
        }
        commands.add(words("SET", "s-text", "a text"));
        commands.add(words("SET", "s-long", bytes(random, 5000)));
        commands.add(words("SET", "s-same", "a".repeat(100_000)));
        commands.add(words("SET", "s-words", "jackdaw and magpie ".repeat(300)));
        commands.add(words("SET", bytes(random, 300), bytes(random, 30)));
        commands.add(words("SETRANGE", "s-raw", 3, "x"));
        commands.add(words("PFADD", "s-hll", "a", "b", "c"));
    }

    private static void lists(List<String[]> commands, Random random) {
        commands.add(words("RPUSH", "l-small", "a", "", "12", "-70000", "5000000000", bytes(random, 100)));
        commands.add(words("RPUSH", "l-large-elements", bytes(random, 20_000), "x".repeat(5000), "7"));
        for (int i = 0; i < 300; i++) {
            commands.add(words("RPUSH", "l-large", i, bytes(random, random.nextInt(100)), "e" + i));
        }
    }

    private static void sets(List<String[]> commands, Random random) {
        commands.add(words("SADD", "t-16", 1, -2, 300));
        commands.add(words("SADD", "t-32", 1, -2, 300_000));
        commands.add(words("SADD", "t-64", 1, -2, 300_000_000_000L));
        commands.add(words("SADD", "t-small", "a", "1", "", bytes(random, 70)));
        for (int i = 0; i < 700; i++) {
            commands.add(words("SADD", "t-integers", random.nextInt()));
            commands.add(words("SADD", "t-large", bytes(random, random.nextInt(90)), i));
        }
        for (int i = 0; i < 200; i++) {
            commands.add(words("SADD", "t-many-16", (short) random.nextInt()));
            commands.add(words("SADD", "t-many", random.nextLong() >> i % 64));
        }
        commands.add(words("SADD", "t-many", Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static void hashes(List<String[]> commands, Random random) {
        commands.add(words("HSET", "h-small", "a", "1", "", "", "12", "-1", "f", "x".repeat(64)));
        commands.add(words("HSET", "h-long-packed", "a", "1", "f", bytes(random, 300)));
        commands.add(words("HSET", "h-long", "f", bytes(random, 3000)));
        for (int i = 0; i < 600; i++) {
            commands.add(words("HSET", "h-large", "f" + i, bytes(random, random.nextInt(90)), i, i));
        }
    }

    private static void sortedSets(List<String[]> commands, Random random) {
        commands.add(
                words("ZADD", "z-small", "inf", "a", "-inf", "b", "0.1", "c", "3", "7", "-1e300", "", "1e-7", "e"));
        commands.add(words("ZADD", "z-long-packed", "-0", bytes(random, 70), "1", "a"));
        for (int i = 0; i < 400; i++) {
            commands.add(
                    words("ZADD", "z-large", random.nextGaussian(), "m" + i, i, bytes(random, random.nextInt(50))));
        }
        commands.add(words("GEOADD", "z-places", 13.36, 38.11, "Palermo", 15.08, 37.5, "Catania"));
    }

    private static void streams(List<String[]> commands, Random random) {
        commands.add(words("XADD", "x-empty", "1-1", "f", "v"));
        commands.add(words("XDEL", "x-empty", "1-1"));
        for (int i = 1; i <= 10; i++) {
            commands.add(words("XADD", "x-trimmed", i + "-0", "f", "v"));
        }
        commands.add(words("XDEL", "x-trimmed", "10-0"));
        commands.add(words("XTRIM", "x-trimmed", "MINID", "10"));
        for (int i = 0; i < 350; i++) {
            String[] same = words("XADD", "x-groups", (i / 3 + 1) + "-" + (i % 3 + 1), "f", i, "g", bytes(random, 9));
            commands.add(i % 5 == 0 ? words("XADD", "x-groups", same[2], i, "", "n", "-5", "f", "70000") : same);
        }
        commands.add(words("XDEL", "x-groups", "1-1", "5-2", "30-3"));
        commands.add(words("XGROUP", "CREATE", "x-groups", "g", "0"));
        commands.add(words("XGROUP", "CREATE", "x-groups", "unread", "$"));
        commands.add(words("XREADGROUP", "GROUP", "g", "alice", "COUNT", 20, "STREAMS", "x-groups", ">"));
        commands.add(words("XREADGROUP", "GROUP", "g", "bob", "COUNT", 150, "STREAMS", "x-groups", ">"));
        commands.add(words("XGROUP", "CREATECONSUMER", "x-groups", "g", "carol"));
        commands.add(words("XACK", "x-groups", "g", "2-1", "9-2", "11-3"));
        // Delivered at a time that both sides are told.
        for (int i = 1; i < 60; i++) {
            String[] ids = {i + "-1", i + "-2", i + "-3"};
            commands.add(words(
                    "XCLAIM",
                    "x-groups",
                    "g",
                    i < 10 ? "alice" : "bob",
                    0,
                    ids[0],
                    ids[1],
                    ids[2],
                    "TIME",
                    1_700_000_000_000L + i,
                    "RETRYCOUNT",
                    i));
        }
    }

    private static String bytes(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }

    private static String[] words(Object... words) {
        String[] texts = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            texts[i] = String.valueOf(words[i]);
        }
        return texts;
    }
}
