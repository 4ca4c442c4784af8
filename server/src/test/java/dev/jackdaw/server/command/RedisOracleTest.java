package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.StreamCommand;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.engine.RestlessBlocks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same random commands to a real redis-server and to our node: the same replies. {@code -Doracle.seed} makes another run,
 * {@code -Doracle.commands} makes it longer, {@code -Doracle.only} names the commands that matter, with commas between, and
 * {@code -Doracle.table} prints how often each succeeded.
 */
@Tag("oracle")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RedisOracleTest {
    private static final int COMMANDS = Integer.getInteger("oracle.commands", 100_000);
    private static final int TOLD = 20;
    private static final int REMEMBERED = 3_000;
    private static final int COMMANDS_BETWEEN_COMPARISONS = 1_000;
    private static final int COMMANDS_BETWEEN_THRESHOLDS = 5_000;

    /** Up to where values are packed: Redis's own numbers, and others that random values pass sooner. */
    private static final Map<String, List<String>> THRESHOLDS = Map.of(
            "hash-max-listpack-entries", List.of("128", "2", "8", "0"),
            "hash-max-listpack-value", List.of("64", "4", "40"),
            "list-max-listpack-size", List.of("-2", "-1", "1", "3", "20"),
            "set-max-intset-entries", List.of("512", "2", "5"),
            "zset-max-listpack-entries", List.of("128", "2", "8", "0"),
            "zset-max-listpack-value", List.of("64", "4", "40"),
            "hll-sparse-max-bytes", List.of("3000", "30", "100"));

    /** Of families other than {@link RandomCommands#FAMILIES}, those that are compared. */
    private static final Set<Command> ALSO = Set.of(
            ServerCommand.DBSIZE,
            ServerCommand.FLUSHDB,
            ServerCommand.FLUSHALL,
            ServerCommand.SWAPDB,
            ServerCommand.MEMORY_USAGE,
            ServerCommand.TIME,
            ServerCommand.LASTSAVE,
            ConnectionCommand.PING,
            ConnectionCommand.ECHO,
            ConnectionCommand.SELECT,
            ConnectionCommand.CLIENT_SETNAME,
            ConnectionCommand.CLIENT_GETNAME,
            ConnectionCommand.CLIENT_NO_EVICT,
            ConnectionCommand.CLIENT_GETREDIR,
            ConnectionCommand.CLIENT_TRACKINGINFO,
            PubSubCommand.PUBLISH,
            PubSubCommand.PUBSUB_CHANNELS,
            PubSubCommand.PUBSUB_NUMSUB,
            PubSubCommand.PUBSUB_NUMPAT);

    /** What is not compared: containers have no reply of their own, help is in our words. */
    private static final Set<Command> LEFT_OUT = Set.of(
            KeyCommand.OBJECT,
            KeyCommand.OBJECT_HELP,
            StreamCommand.XGROUP,
            StreamCommand.XGROUP_HELP,
            StreamCommand.XINFO,
            StreamCommand.XINFO_HELP);

    /** Of this many commands, one begins a transaction. */
    private static final int COMMANDS_BETWEEN_TRANSACTIONS = 30;

    private static final int MOST_QUEUED = 6;

    /** What leaves a key behind that differs: in its members, or in how it is stored. */
    private static final Set<String> LEAVES_ANOTHER = Set.of("SPOP", "SORT", "SORT_RO");

    /** How to read all of a key, by what TYPE answers. */
    private static final Map<String, String> WHOLE = Map.of(
            "string", "GET %s",
            "list", "LRANGE %s 0 -1",
            "set", "SMEMBERS %s",
            "hash", "HGETALL %s",
            "zset", "ZRANGE %s 0 -1 WITHSCORES",
            "stream", "XINFO STREAM %s FULL COUNT 0");

    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(~seed);
    private final TestNode node = new TestNode(Clock.SYSTEM);
    private final RestlessBlocks blocks = new RestlessBlocks(node.engine());
    private final List<TestNode.Client> ours = List.of(node.client(), node.connect());
    private final ArrayDeque<String> history = new ArrayDeque<>();
    private final Map<String, int[]> outcomes = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();
    private boolean clear;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void random_commands_are_answered_as_redis_does() {
        assumeTrue(RedisServer.isInstalled());
        System.out.println("oracle: -Doracle.seed=" + seed);
        RandomCommands commands = new RandomCommands(compared(false), seed, Clock.SYSTEM.millis());
        RandomCommands queueable = new RandomCommands(compared(true), ~seed, Clock.SYSTEM.millis());
        try (RedisServer redis = RedisServer.start();
                RespConnection second = redis.connect();
                RespConnection third = redis.connect()) {
            List<RespConnection> theirs = List.of(second, third);
            // What has expired goes when it is looked at, on both sides.
            second.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            third.ask("HELLO", "3");
            ours.get(1).session().protocol(3);
            for (int i = 1; i <= COMMANDS && differences.size() < TOLD; i++) {
                if (i % COMMANDS_BETWEEN_THRESHOLDS == 0) {
                    clear = true;
                    changeThresholds(theirs.getFirst());
                }
                clearIfNeeded(theirs);
                int protocol = random.nextInt(2);
                compare(commands.next(), ours.get(protocol), theirs.get(protocol));
                blocks.move();
                if (i % COMMANDS_BETWEEN_TRANSACTIONS == 0) {
                    watchKeys(commands, theirs, protocol);
                    compareTransaction(queueable, ours.get(protocol), theirs.get(protocol));
                }
                if (i % COMMANDS_BETWEEN_COMPARISONS == 0) {
                    compareState(ours.get(protocol), theirs.get(protocol));
                    EngineCheck.check(node.engine());
                }
            }
        }
        if (Boolean.getBoolean("oracle.table")) {
            outcomes.forEach((name, counts) ->
                    System.out.printf("%-24s %6d succeeded %6d refused%n", name, counts[0], counts[1]));
        }
        assertThat(differences).as("seed " + seed).isEmpty();
        assertThat(outcomes.keySet()).as("commands that never succeeded").noneMatch(name -> outcomes.get(name)[0] == 0);
    }

    /** @param queued whether they are for EXEC, where no command waits */
    private static List<Command> compared(boolean queued) {
        String only = System.getProperty("oracle.only", "");
        if (!only.isEmpty()) {
            return List.of(only.split(",")).stream()
                    .map(CommandTable.all()::named)
                    .toList();
        }
        return CommandTable.all().commands().stream()
                .filter(row -> RandomCommands.FAMILIES.contains(row.family()) || ALSO.contains(row))
                .filter(row -> !LEFT_OUT.contains(row) && !RandomCommands.isYounger(row))
                .filter(row -> queued || !row.spec().has(Flag.BLOCKING) || row.family() == Family.STREAM)
                .toList();
    }

    private void compare(RandomCommands.Made made, TestNode.Client client, RespConnection connection) {
        if (KnownDifference.isUndefined(made, connection)) {
            return;
        }
        String[] words = made.words().toArray(new String[0]);
        remember(words);
        node.engine().refreshTime();
        Reply our = client.run(words);
        Reply their = connection.ask(words);
        outcomes.computeIfAbsent(made.row().spec().name(), unused -> new int[2])[
                their instanceof Reply.Error ? 1 : 0]++;
        boolean same = our != null && ReplyComparison.same(made.row(), our, their);
        if (!same && !KnownDifference.explains(made)) {
            differ(words, our, their);
        }
        if (LEAVES_ANOTHER.contains(made.row().name()) && words.length > 1) {
            client.run("DEL", words[1]);
            connection.ask("DEL", words[1]);
        }
        if (made.words().stream().anyMatch("STOREDIST"::equalsIgnoreCase)) {
            // The last of 17 digits may differ: sines are rounded by whoever computes them.
            made.words().stream().filter(RandomCommands.keys()::contains).forEach(key -> {
                client.run("DEL", key);
                connection.ask("DEL", key);
            });
        }
    }

    // --- Transactions ---

    /** Now and then the client watches keys, and commands of both clients follow. */
    private void watchKeys(RandomCommands commands, List<RespConnection> theirs, int watcher) {
        if (random.nextBoolean()) {
            return;
        }
        List<String> keys = RandomCommands.keys();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String key = keys.get(random.nextInt(keys.size()));
            compare(made("WATCH %s", key), ours.get(watcher), theirs.get(watcher));
        }
        for (int i = random.nextInt(10); i > 0; i--) {
            int protocol = random.nextInt(2);
            RandomCommands.Made made = commands.next();
            if (!KnownDifference.mayCreateUnseen(made)) {
                compare(made, ours.get(protocol), theirs.get(protocol));
            }
        }
    }

    private void compareTransaction(RandomCommands commands, TestNode.Client client, RespConnection connection) {
        List<RandomCommands.Made> queued = new ArrayList<>();
        compare(made("MULTI", ""), client, connection);
        for (int i = random.nextInt(MOST_QUEUED); i > 0; i--) {
            RandomCommands.Made made = commands.next();
            if (isQueueable(made)) {
                compare(made, client, connection);
                queued.add(made);
            }
        }
        String[] exec = {"EXEC"};
        remember(exec);
        node.engine().refreshTime();
        Reply our = client.run(exec);
        Reply their = connection.ask(exec);
        if (!sameReplies(queued, our, their)) {
            differ(exec, our, their);
        }
    }

    /** Whether its reply can be foretold, though it is not known yet what there will be when it runs. */
    private static boolean isQueueable(RandomCommands.Made made) {
        return !LEAVES_ANOTHER.contains(made.row().name())
                && made.row().family() != Family.GEO
                && !KnownDifference.explains(made)
                && made.words().stream()
                        .noneMatch(word -> word.toUpperCase(Locale.ROOT).contains("LEX"));
    }

    private static boolean sameReplies(List<RandomCommands.Made> queued, Reply our, Reply their) {
        if (!(our instanceof Reply.Array some) || !(their instanceof Reply.Array others)) {
            return our.equals(their);
        }
        boolean same = some.elements().size() == others.elements().size();
        for (int i = 0; same && i < queued.size(); i++) {
            same = ReplyComparison.same(
                    queued.get(i).row(),
                    some.elements().get(i),
                    others.elements().get(i));
        }
        return same;
    }

    private void differ(String[] words, Reply our, Reply their) {
        StringBuilder told = new StringBuilder("\n" + shown(words) + "\n  we:    " + shortened(our) + "\n  Redis: "
                + shortened(their) + "\n  before:");
        List<String> keys = Stream.of(words)
                .filter(RandomCommands.keys()::contains)
                .map(RedisOracleTest::quoted)
                .toList();
        List<String> before = history.stream()
                .filter(line -> keys.isEmpty()
                        || line.startsWith("swap")
                        || keys.stream().anyMatch(line::contains))
                .toList();
        before.subList(Math.max(0, before.size() - 20), before.size())
                .forEach(line -> told.append("\n    ").append(line));
        differences.add(told.toString());
        clear = true;
    }

    /** Makes both sides the same again, so that one difference is told once, and thresholds are new to all values. */
    private void clearIfNeeded(List<RespConnection> theirs) {
        if (clear) {
            clear = false;
            ours.getFirst().run("FLUSHALL");
            theirs.getFirst().ask("FLUSHALL");
            history.clear();
        }
    }

    private void changeThresholds(RespConnection connection) {
        for (Map.Entry<String, List<String>> threshold : new TreeMap<>(THRESHOLDS).entrySet()) {
            List<String> values = threshold.getValue();
            String[] set = {"CONFIG", "SET", threshold.getKey(), values.get(random.nextInt(values.size()))};
            assertThat(ours.getFirst().run(set)).isEqualTo(connection.ask(set));
        }
    }

    private static String shortened(Reply reply) {
        String text = String.valueOf(reply);
        return text.length() > 600 ? text.substring(0, 600) + "..." : text;
    }

    private void remember(String[] words) {
        history.add(shown(words));
        if (history.size() > REMEMBERED) {
            history.remove();
        }
    }

    private static String shown(String[] words) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(words.length, 40); i++) {
            line.append(i == 0 ? "" : " ").append(i == 0 ? words[i] : quoted(words[i]));
        }
        return line.toString();
    }

    private static String quoted(String word) {
        return word.length() > 80 ? word.charAt(0) + "*" + word.length() : "'" + word + "'";
    }

    // --- Everything that is there ---

    /** All keys, their types and encodings, and what they hold. */
    private void compareState(TestNode.Client client, RespConnection connection) {
        for (String key : RandomCommands.keys()) {
            compare(made("OBJECT ENCODING %s", key), client, connection);
            compare(made("PTTL %s", key), client, connection);
            if (connection.ask("TYPE", key) instanceof Reply.Simple type && WHOLE.containsKey(type.text())) {
                compare(made(WHOLE.get(type.text()), key), client, connection);
            }
        }
    }

    private static RandomCommands.Made made(String command, String key) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.replaceAll(word -> word.equals("%s") ? key : word);
        int names = Set.of("OBJECT", "XINFO").contains(words.getFirst()) ? 2 : 1;
        String name = String.join("|", words.subList(0, names)).toLowerCase(Locale.ROOT);
        return new RandomCommands.Made(CommandTable.all().named(name), words);
    }
}
