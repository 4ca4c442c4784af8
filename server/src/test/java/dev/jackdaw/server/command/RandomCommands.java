package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.BitmapCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.HyperLogLogCommand;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.SortedSetCommand;
import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.command.Syntax;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Owned by one test: random commands, made from the syntax in their rows: few keys, most of them of the type that the
 * command wants; values, numbers and ranges that are plain or odd; now and then an argument too many, missing or wrong.
 */
final class RandomCommands {
    /** The families whose commands are about keys and values alone. */
    static final Set<Family> FAMILIES = Set.of(
            Family.STRING,
            Family.BITMAP,
            Family.HYPERLOGLOG,
            Family.LIST,
            Family.SET,
            Family.HASH,
            Family.SORTED_SET,
            Family.GEO,
            Family.STREAM,
            Family.KEY);

    /** Options that redis-server 7.0 does not have yet; made only where commands are asked for that it does not have either. */
    private static final Set<String> YOUNGER = Set.of(
            "WITHSCORE",
            "NOVALUES",
            "DIFF",
            "DIFF1",
            "ANDOR",
            "ONE",
            "IFEQ",
            "IFNE",
            "IFDEQ",
            "IFDNE",
            "KEEPREF",
            "DELREF",
            "ACKED");

    /** What has more words since then. */
    private static final Set<Command> LONGER = Set.of(SortedSetCommand.ZRANK, SortedSetCommand.ZREVRANK);

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "abc",
            "hello world",
            "7",
            "0",
            "42",
            "-1",
            "-3",
            "10",
            "3.5",
            "-0.1",
            "1e3",
            "9223372036854775807",
            "\0\r\n\u00ff",
            "x".repeat(45),
            "y".repeat(65),
            "z".repeat(300));
    /** Of two of them, and of nothing. */
    private static final List<String> DIGESTS = List.of("e6c632b61e964e1f", "1217cb28c0ef2191", "0000000000000000");

    private static final List<String> INTEGERS =
            List.of("0", "1", "2", "3", "5", "-1", "-2", "-7", "10", "100", "-100");
    private static final List<String> ODD = List.of(
            "",
            "abc",
            "1.5",
            "-1",
            "01",
            "+1",
            " 1",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "999999999999999",
            "nan");
    private static final List<String> FLOATS = List.of(
            "0",
            "1",
            "2",
            "-1",
            "0.1",
            "3.0",
            "10.5",
            "-2.25",
            "1e3",
            "1e-7",
            "5.",
            ".5",
            "1e20",
            "0x10",
            "123456789.987654321");
    private static final List<String> ODD_FLOATS =
            List.of("inf", "-inf", "+inf", "nan", "abc", "", "1e400", "1e5000", " 1", "1 ", "1e", "--1");
    private static final List<String> ENCODINGS =
            List.of("u1", "u4", "u8", "u13", "u63", "i1", "i5", "i8", "i16", "i64", "u64", "i65", "u0", "8");
    private static final List<String> BOUNDS =
            List.of("-inf", "+inf", "0", "1", "(1", "(0", "2", "(3", "10", "(-inf", "x");
    private static final List<String> LEX_BOUNDS = List.of("-", "+", "[a", "(a", "[b", "(m5", "[m2", "[", "a");
    private static final List<String> PATTERNS =
            List.of("*", "s*", "?1", "[h-s]*", "*2", "nothing", "[^s]1", "\\s1", "h?", "m*", "[");
    private static final List<String> SORT_PATTERNS =
            List.of("s*", "s*", "h*->1", "h1->m*", "#", "nosort", "*", "*->", "x*y", "h*->m2", "s**", "");
    private static final List<String> TYPES = List.of("string", "list", "set", "hash", "zset", "ZSET", "stream", "x");
    private static final List<String> PAYLOADS = payloads();
    private static final int MEMBERS = 12;
    private static final int MANY_MEMBERS = 700;
    private static final int MANY = 150;
    /** Far enough away for nothing to expire while the test runs. */
    private static final long LEAST_SECONDS = 10_000;

    /** Commands on whole databases. They come rarely: otherwise databases would be empty most of the time. */
    static final Set<Command> ON_DATABASES =
            Set.of(ServerCommand.FLUSHALL, ServerCommand.FLUSHDB, ServerCommand.SWAPDB, ConnectionCommand.SELECT);

    /** The first needs another server, the others take long. */
    private static final Set<Command> NEVER =
            Set.of(KeyCommand.MIGRATE, KeyCommand.WAIT, HyperLogLogCommand.PFSELFTEST);

    private static final int USUAL_WEIGHT = 20;

    /** Ranges by member are defined for members of one score only; this key mostly has such. */
    private static final String ONE_SCORE = "z3";

    private final SplittableRandom random;
    private final RandomStreams streams;
    private final long nowSeconds;
    private final List<Command> rows;
    private final boolean young;
    private final List<Command> weighted = new ArrayList<>();
    private String lastKey = "";

    RandomCommands(List<Command> rows, long seed, long nowMillis) {
        this.rows = rows.stream().filter(row -> !NEVER.contains(row)).toList();
        this.young = rows.stream().anyMatch(RandomCommands::isYounger);
        this.random = new SplittableRandom(seed);
        this.streams = new RandomStreams(random);
        this.nowSeconds = nowMillis / 1000;
        for (Command row : this.rows) {
            for (int i = 0; i < (ON_DATABASES.contains(row) ? 1 : USUAL_WEIGHT); i++) {
                weighted.add(row);
            }
        }
    }

    /** What DUMP makes of a value of each type, and something that it does not. */
    private static List<String> payloads() {
        List<String> payloads = new ArrayList<>(List.of("abc"));
        try (TestNode node = new TestNode()) {
            for (String command : List.of(
                    "SET k hello",
                    "SET k 12",
                    "RPUSH k a b 7",
                    "SADD k 1 2 300",
                    "SADD k 1 2 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 -70000",
                    "SADD k m1 2",
                    "HSET k m1 a m2 7",
                    "ZADD k 1 m1 2.5 m2",
                    "XADD k 5-1 m1 a")) {
                node.run("DEL", "k");
                node.run(command.split(" "));
                payloads.add(((Reply.Bulk) node.run("DUMP", "k")).text());
            }
        }
        return payloads;
    }

    /** Whether redis-server 7.0 does not have the command yet. */
    static boolean isYounger(Command row) {
        return row.spec().since().matches("7\\.4.*|[89]\\..*");
    }

    /** Owned by the test: a command that was made, and its row. */
    record Made(Command row, List<String> words) {}

    /** The keys that may exist. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String type : List.of("s", "l", "t", "h", "z", "x", "p", "g")) {
            keys.addAll(List.of(type + 1, type + 2, type + 3));
        }
        keys.add("{x}");
        keys.add("x".repeat(200));
        return keys;
    }

    Made next() {
        Command row = pick(weighted);
        List<String> words = new ArrayList<>();
        for (String name : row.spec().name().split("\\|", -1)) {
            words.add(random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name);
        }
        int names = words.size();
        add(row.spec().syntax().arguments(), row, words);
        spoil(row, words, names);
        if (row.family() == Family.STREAM) {
            streams.tame(row, words);
        }
        if (row.name().contains("RAND")) {
            // Redis would repeat members without end.
            words.replaceAll(word -> word.matches("-[0-9]{4,}") ? "-3" : word);
        }
        return new Made(row, words);
    }

    private void spoil(Command row, List<String> words, int names) {
        int kind = random.nextInt(100);
        if (LONGER.contains(row)) {
            return;
        }
        if (kind < 2) {
            words.add(pick(ODD));
        } else if (kind < 4 && words.size() > names) {
            words.remove(words.size() - 1);
        } else if (kind < 6 && words.size() > names) {
            words.set(names + random.nextInt(words.size() - names), pick(ODD));
        } else if (kind < 8) {
            // Another option of the command, or an option of another command.
            List<String> tokens = new ArrayList<>();
            tokens(row.spec().syntax().arguments(), tokens);
            tokens = tokens.isEmpty() || kind == 7 ? List.of("NX", "GET", "LIMIT", "COUNT", "x") : tokens;
            words.add(names + random.nextInt(words.size() - names + 1), pick(tokens));
        }
    }

    private void tokens(List<Syntax.Argument> arguments, List<String> found) {
        for (Syntax.Argument argument : known(arguments)) {
            if (!argument.token().isEmpty()) {
                found.add(argument.token());
            }
            tokens(argument.parts(), found);
        }
    }

    // --- Arguments ---

    private List<Syntax.Argument> known(List<Syntax.Argument> arguments) {
        return arguments.stream()
                .filter(argument -> young || !YOUNGER.contains(argument.token()) && !hasNoneKnown(argument.parts()))
                .toList();
    }

    private boolean hasNoneKnown(List<Syntax.Argument> parts) {
        return !parts.isEmpty() && known(parts).isEmpty();
    }

    private void add(List<Syntax.Argument> arguments, Command row, List<String> words) {
        int numkeysAt = -1;
        for (Syntax.Argument argument : known(arguments)) {
            int before = words.size();
            add(argument, row, words);
            if (argument.name().equals("numkeys") || argument.name().equals("numids")) {
                numkeysAt = before;
            } else if (numkeysAt >= 0) {
                if (random.nextInt(20) != 0) {
                    int wordsOfKey = Math.max(1, argument.parts().size());
                    words.set(numkeysAt, Integer.toString((words.size() - before) / wordsOfKey));
                }
                numkeysAt = -1;
            }
        }
    }

    private void add(Syntax.Argument argument, Command row, List<String> words) {
        if (argument.optional() && random.nextInt(3) != 0) {
            return;
        }
        int times = argument.multiple() ? times() : 1;
        for (int i = 0; i < times; i++) {
            if (!argument.token().isEmpty()) {
                words.add(
                        random.nextBoolean()
                                ? argument.token()
                                : argument.token().toLowerCase(Locale.ROOT));
            }
            switch (argument.kind()) {
                case PURE_TOKEN -> {}
                case ONEOF -> add(pick(known(argument.parts())), row, words);
                case BLOCK -> add(argument.parts(), row, words);
                default -> words.add(value(argument.name(), row, times));
            }
        }
    }

    private int times() {
        int kind = random.nextInt(100);
        return kind < 60 ? 1 : kind < 97 ? 1 + random.nextInt(4) : random.nextInt(MANY) + 1;
    }

    private String value(String name, Command row, int times) {
        String special = switch (row.family()) {
            case BITMAP -> bitmapValue(name, row);
            case STREAM -> streams.value(name, row);
            default -> "";
        };
        return special.isEmpty() ? usualValue(name, row, times) : special;
    }

    /** What only the commands on bits want, or nothing. */
    private String bitmapValue(String name, Command row) {
        return switch (name) {
            case "encoding" -> pick(ENCODINGS);
            case "offset" ->
                oddly((row.name().startsWith("BITFIELD") && random.nextInt(3) == 0 ? "#" : "") + random.nextInt(200));
            case "bit" -> oddly("" + random.nextInt(2));
            case "value" -> row == BitmapCommand.SETBIT ? oddly("" + random.nextInt(2)) : integer();
            default -> "";
        };
    }

    private String usualValue(String name, Command row, int times) {
        return switch (name) {
            case "key", "key1", "key2", "source", "destination", "newkey", "src", "dst" -> lastKey = key(row);
            case "member", "member1", "member2", "field", "pivot" -> member(times > 4 ? MANY_MEMBERS : MEMBERS);
            case "element" -> row.family() == Family.LIST ? pick(TEXTS) : member(MANY_MEMBERS);
            case "value", "message", "ifeq-value", "ifne-value" -> pick(TEXTS);
            case "ifdeq-digest", "ifdne-digest" -> oddly(pick(DIGESTS));
            case "increment", "decrement" ->
                row.name().endsWith("FLOAT") || row.family() == Family.SORTED_SET ? number() : integer();
            case "score" -> lastKey.equals(ONE_SCORE) ? "0" : number();
            case "min", "max" ->
                row == SortedSetCommand.ZRANGESTORE
                        ? rank()
                        : row.name().contains("LEX") ? pick(LEX_BOUNDS) : pick(BOUNDS);
            case "start", "stop" -> row == SortedSetCommand.ZRANGE ? rank() : integer();
            case "seconds" -> row == KeyCommand.RESTORE ? "" + random.nextInt(-1, 100) : time(0, 1);
            case "ttl" -> random.nextBoolean() ? "0" : time(0, 1000);
            case "serialized-value" -> pick(PAYLOADS);
            case "frequency" -> "" + random.nextInt(-1, 257);
            case "milliseconds" -> time(0, 1000);
            case "unix-time-seconds" -> time(nowSeconds, 1);
            case "unix-time-milliseconds" -> time(nowSeconds, 1000);
            case "offset" -> row == StringCommand.SETRANGE ? oddly("" + random.nextInt(60)) : integer();
            case "cursor" -> oddly("0");
            case "pattern" -> pick(row.name().startsWith("SORT") ? SORT_PATTERNS : PATTERNS);
            case "type" -> pick(TYPES);
            case "longitude" -> coordinate(180);
            case "latitude" -> coordinate(85);
            case "radius", "width", "height" -> distance();
            case "subcommand" -> pick(List.of("GETREG", "DECODE", "ENCODING", "todense", "x"));
            case "index" -> row == ConnectionCommand.SELECT ? oddly("" + random.nextInt(2)) : integer();
            case "db", "index1", "index2" -> oddly("" + random.nextInt(3));
            case "count" -> row.spec().syntax().text().contains("cursor") ? oddly("5000") : integer();
            case "weight" -> number();
            case "clientname", "connection-name", "libname", "username", "password" -> pick(TEXTS);
            default -> integer();
        };
    }

    private String key(Command row) {
        if (row.name().contains("LEX") && random.nextInt(4) != 0) {
            return ONE_SCORE;
        }
        if (row.name().startsWith("SORT") && random.nextInt(8) != 0) {
            return pick(List.of("l", "t", "z")) + (1 + random.nextInt(3));
        }
        String type = switch (row.family()) {
            case STRING, BITMAP -> "s";
            case HYPERLOGLOG -> "p";
            case GEO -> "g";
            case LIST -> "l";
            case SET -> "t";
            case HASH -> "h";
            case SORTED_SET -> "z";
            case STREAM -> "x";
            case KEY, TRANSACTION, CONNECTION, PUBSUB, SERVER, ACL, SCRIPTING -> "";
        };
        return type.isEmpty() || random.nextInt(12) == 0 ? pick(keys()) : type + (1 + random.nextInt(3));
    }

    private String member(int members) {
        int number = random.nextInt(members);
        int kind = random.nextInt(30);
        return kind == 0 ? pick(TEXTS) : kind < 15 ? "" + number : "m" + number;
    }

    private String integer() {
        return oddly(pick(INTEGERS));
    }

    private String number() {
        return random.nextInt(20) == 0 ? pick(ODD_FLOATS) : pick(FLOATS);
    }

    private String coordinate(int most) {
        double number = random.nextDouble(-most, most);
        int kind = random.nextInt(40);
        return kind == 0
                ? number()
                : kind == 1 ? "" + most : "" + (kind < 20 ? number : Math.round(number) + number / 1000);
    }

    private String distance() {
        return random.nextInt(20) == 0 ? number() : "" + Math.exp(random.nextDouble(18));
    }

    private String rank() {
        int kind = random.nextInt(4);
        return kind < 2 ? integer() : kind == 2 ? pick(BOUNDS) : pick(LEX_BOUNDS);
    }

    private String oddly(String usual) {
        return random.nextInt(20) == 0 ? pick(ODD) : usual;
    }

    private String time(long fromSeconds, long units) {
        return oddly(Long.toString((fromSeconds + LEAST_SECONDS + random.nextInt(1_000_000)) * units));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @Override
    public String toString() {
        return Arrays.toString(rows.toArray());
    }
}
