package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.persistence.Contents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commands of all families run on one node, in transactions and after waits too, while keys and fields expire and keys
 * are evicted; another that is given the effects, in pieces of any size, holds the same data. {@code -Doracle.seed} makes another
 * run, {@code -Doracle.commands} makes it longer.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class EffectsReplayTest {
    private static final Map<String, List<String>> SETTINGS = Map.of(
            "hash-max-listpack-entries", List.of("128", "2", "8", "0"),
            "list-max-listpack-size", List.of("-2", "1", "3", "20"),
            "set-max-intset-entries", List.of("512", "2", "5"),
            "zset-max-listpack-entries", List.of("128", "2", "8", "0"),
            "hll-sparse-max-bytes", List.of("3000", "30", "100"),
            "stream-node-max-entries", List.of("100", "3", "1"));

    private static final int COMMANDS = Integer.getInteger("oracle.commands", 20_000);
    private static final int COMMANDS_BETWEEN_COMPARISONS = 250;
    private static final int MOST_QUEUED = 6;
    private static final int MOST_MILLIS = 200_000_000;
    private static final int REMEMBERED = 2_000;
    private static final int DATABASES = 3;
    private static final Pattern HASH = Pattern.compile("(?s)(.*?): (?:Bulk\\[text=\\w+] )?hash .*");

    private final Path folder;
    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TestNode node;
    private final TestNode.Client reader;
    private final TestNode.Client waiter;
    private final EffectLog log;
    private final ByteBuf received = Unpooled.directBuffer();
    private final ArrayDeque<String> history = new ArrayDeque<>();
    private final Map<String, String> settings = new TreeMap<>();
    private TestNode follower;
    private EffectReader effects;
    private long passedMillis;

    EffectsReplayTest(@TempDir Path folder) {
        this.folder = folder;
        this.node = newNode();
        this.reader = node.connect();
        this.waiter = node.connect();
        this.log = new EffectLog(node);
        follow(newNode());
    }

    private TestNode newNode() {
        return TestNode.with("--databases", "" + DATABASES, "--dir", folder.toString());
    }

    private void follow(TestNode newFollower) {
        follower = newFollower;
        follower.engine().following(true);
        follower.advance(passedMillis);
        settings.forEach((name, value) -> follower.run("CONFIG", "SET", name, value));
        effects = new EffectReader(follower.node(), follower.executor());
    }

    @AfterEach
    void close() {
        node.close();
        follower.close();
        effects.close();
        log.close();
        received.release();
    }

    @Test
    void whoever_is_given_the_effects_holds_the_same_data() throws IOException {
        replayAll(false);
    }

    /** Values lie otherwise in memory then, and no effect may depend on how. */
    @Test
    void so_does_who_begins_with_a_snapshot() throws IOException {
        replayAll(true);
    }

    private void replayAll(boolean withSnapshots) throws IOException {
        System.out.println("effects: -Doracle.seed=" + seed);
        RandomCommands commands =
                new RandomCommands(rows(false), seed, node.engine().nowMillis());
        RandomCommands waiting =
                new RandomCommands(rows(true), ~seed, node.engine().nowMillis());
        for (int i = 1; i <= COMMANDS; i++) {
            disturb();
            run(node.client(), commands.next());
            if (random.nextInt(4) == 0) {
                wait(waiting.next());
            }
            if (random.nextInt(30) == 0) {
                transaction(commands);
            }
            if (withSnapshots && random.nextInt(2_000) == 0) {
                beginAnew();
            }
            if (i % COMMANDS_BETWEEN_COMPARISONS == 0) {
                compare(withSnapshots ? Contents::values : Contents::of);
            }
        }
        EngineCheck.check(follower.engine());
    }

    /** Gives a new follower a snapshot; the effects go on from there. */
    private void beginAnew() throws IOException {
        assertThat(reader.run("SAVE")).isEqualTo(new Reply.Simple("OK"));
        log.take().release();
        node.node().effects().selectAnew();
        effects.close();
        follower.close();
        follow(newNode());
        follower.load();
        history.add("snapshot");
    }

    private static List<Command> rows(boolean blocking) {
        return CommandTable.all().commands().stream()
                .filter(row ->
                        RandomCommands.FAMILIES.contains(row.family()) || RandomCommands.ON_DATABASES.contains(row))
                .filter(row -> row.spec().has(Flag.BLOCKING) == blocking || row.family() == Family.STREAM && !blocking)
                .toList();
    }

    private void run(TestNode.Client client, RandomCommands.Made made) {
        if (made.words().stream().anyMatch("BLOCK"::equalsIgnoreCase) && client != waiter) {
            return;
        }
        history.add(String.join(" ", made.words()));
        client.send(made.words().toArray(new String[0]));
        if (random.nextInt(3) == 0) {
            replay();
        }
    }

    private void wait(RandomCommands.Made made) {
        if (waiter.session().isWaiting() && random.nextInt(10) == 0) {
            node.run("CLIENT", "UNBLOCK", "" + waiter.session().id());
        }
        if (!waiter.session().isWaiting()) {
            run(waiter, made);
        }
    }

    private void transaction(RandomCommands commands) {
        node.run("MULTI");
        history.add("MULTI");
        for (int i = random.nextInt(MOST_QUEUED); i > 0; i--) {
            run(node.client(), commands.next());
        }
        node.run("EXEC");
        history.add("EXEC");
    }

    /** Lets time pass, with or without the node's noticing, changes settings, and makes memory scarce or plenty. */
    private void disturb() {
        int kind = random.nextInt(400);
        if (kind < 4) {
            long millis = random.nextInt(MOST_MILLIS);
            if (kind < 2) {
                node.advance(millis);
            } else {
                node.advanceWithoutBackground(millis);
            }
            follower.advance(millis);
            passedMillis += millis;
            history.add("time " + millis);
        } else if (kind == 4) {
            replay();
            new TreeMap<>(SETTINGS).forEach((name, values) -> {
                settings.put(name, values.get(random.nextInt(values.size())));
                node.run("CONFIG", "SET", name, settings.get(name));
            });
            settings.forEach((name, value) -> follower.run("CONFIG", "SET", name, value));
        } else if (kind == 5) {
            manyFields();
        } else if (kind == 6) {
            long limit = random.nextBoolean() ? 0 : node.engine().usedMemory();
            node.run("CONFIG", "SET", "maxmemory", "" + limit, "maxmemory-policy", "allkeys-random");
        }
    }

    /** More fields that expire at once than a command removes. */
    private void manyFields() {
        List<String> words = new ArrayList<>(List.of("HSETEX", "h2", "PX", "" + (1 + random.nextInt(MOST_MILLIS))));
        words.addAll(List.of("FIELDS", "1400"));
        for (int i = 0; i < 700; i++) {
            words.addAll(List.of("" + i, "7", "m" + i, "a"));
        }
        history.add("HSETEX h2 ...");
        node.run(words);
    }

    /** Gives the follower what there is, in pieces. */
    private void replay() {
        ByteBuf taken = log.take();
        EffectLog.commands(taken.duplicate()).forEach(effect -> history.add("  -> " + effect));
        while (history.size() > REMEMBERED) {
            history.remove();
        }
        try {
            while (taken.isReadable()) {
                int piece = Math.min(taken.readableBytes(), 1 + random.nextInt(1 << random.nextInt(1, 16)));
                received.writeBytes(taken, piece);
                effects.apply(received);
                if (!received.isReadable()) {
                    received.clear();
                }
            }
        } catch (EffectException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", history), e);
        } finally {
            taken.release();
        }
        assertThat(received.isReadable()).isFalse();
    }

    private void compare(Function<Contents.Server, List<String>> contents) {
        // What has expired is not seen here, so it has to go there; and looking at keys must not evict others.
        node.run("CONFIG", "SET", "maxmemory", "0");
        node.advance(0);
        replay();
        for (int i = 0; i < DATABASES; i++) {
            reader.run("SELECT", "" + i);
            follower.run("SELECT", "" + i);
            List<String> ours = contents(contents, reader::run);
            List<String> theirs = contents(contents, follower::run);
            if (!ours.equals(theirs)) {
                List<String> only = new ArrayList<>(ours);
                only.removeAll(theirs);
                theirs.removeAll(ours);
                String key = Stream.concat(only.stream(), theirs.stream())
                        .findFirst()
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .orElse("");
                List<String> about = history.stream()
                        .filter(line ->
                                line.contains(key) || line.matches("(?i).*(select|swapdb|flush|multi|exec|time).*"))
                        .toList();
                throw new AssertionError("seed " + seed + ", database " + i + "\nnode     " + only + "\nfollower "
                        + theirs + "\n" + String.join("\n", about));
            }
        }
        reader.run("SELECT", "0");
    }

    private static List<String> contents(Function<Contents.Server, List<String>> all, Contents.Server server) {
        List<String> contents = new ArrayList<>(all.apply(server));
        contents.replaceAll(line -> {
            Matcher hash = HASH.matcher(line);
            // The packed form of a sorted set knows no minus zero.
            return hash.matches()
                    ? line + fieldTimes(server, hash.group(1))
                    : line.replace("Bulk[text=-0]", "Bulk[text=0]");
        });
        return contents;
    }

    private static String fieldTimes(Contents.Server server, String key) {
        List<Reply> fields = ((Reply.Array) server.ask("HKEYS", key)).elements();
        TreeMap<String, Reply> times = new TreeMap<>();
        for (Reply field : fields) {
            String name = ((Reply.Bulk) field).text();
            times.put(name, server.ask("HPEXPIRETIME", key, "FIELDS", "1", name));
        }
        return times.toString();
    }
}
