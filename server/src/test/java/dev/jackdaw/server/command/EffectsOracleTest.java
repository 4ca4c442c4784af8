package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.persistence.Contents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The effects of a node against a real redis-server: it writes the same to its own append-only file, but where it is told here
 * what we write instead; and one that is sent our effects holds the same data.
 */
@Tag("oracle")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class EffectsOracleTest {
    private static final Set<Family> FAMILIES = Set.of(
            Family.STRING,
            Family.BITMAP,
            Family.LIST,
            Family.SET,
            Family.HASH,
            Family.SORTED_SET,
            Family.STREAM,
            Family.HYPERLOGLOG,
            Family.KEY);

    private static final int COMMANDS = Integer.getInteger("oracle.commands", 30_000);
    private static final int COMMANDS_BETWEEN_COMPARISONS = 500;
    private static final int DATABASES = 3;

    /** A line is a command; {@code =>} what becomes of it with us, {@code ; } between, if that is not what Redis writes. */
    private static final String CASES = """
            SET k v EX 100
            SET k v PX 100000
            SET k v EXAT 1900000000
            SET k v PXAT 1900000000000
            SET k w KEEPTTL
            SET k v EX 100 GET
            SET k v XX EX 100
            SETEX k 100 v
            PSETEX k 100000 v
            GETEX k EX 100
            GETEX k PERSIST
            GETEX k EXAT 1900000000
            GETEX k PXAT 1000
            SET k v
            GETEX k
            EXPIRE k 100
            EXPIRE k 200 GT => PEXPIREAT k NOW
            EXPIREAT k 1900000000
            PEXPIRE k 5000000
            PEXPIREAT k 1900000000000 NX
            PERSIST k
            EXPIRE k -1
            SET k v PXAT 1000
            GET k
            SET k 1
            GETDEL k
            GETDEL k
            INCRBYFLOAT k 1.5
            GETSET k 2 => GETSET k 2
            GETSET k 2 => GETSET k 2
            HINCRBYFLOAT h f 1.5
            HINCRBY h f 1
            HINCRBY h g 1
            SADD s 1 2 3 4 5 6
            SPOP one
            SADD one 1
            SPOP one
            SADD one 1
            SPOP one 5
            SORT s BY nosort STORE d
            SINTERSTORE d s none
            SINTERSTORE d s none
            SMOVE s t 1
            RPUSH l a b c d e f g h i j
            LPOP l
            RPOP l 2
            LPOP l 0
            LMPOP 2 none l LEFT COUNT 2
            BLPOP l 0
            BRPOP none l 0
            BLMPOP 0 1 l RIGHT COUNT 1
            LMOVE l m LEFT RIGHT
            RPOPLPUSH l m
            RPUSH l x y z
            BLMOVE l m RIGHT LEFT 0
            BRPOPLPUSH l m 0
            ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g
            ZADD z INCR 1.5 a
            ZPOPMIN z
            ZPOPMAX z 1
            ZMPOP 1 z MIN COUNT 1
            BZPOPMIN z 0
            BZPOPMAX none z 0
            BZMPOP 0 1 z MIN
            ZRANGESTORE y z 0 -1
            GEOADD g 1 1 a => GEOADD g 1 1 a
            PFADD p a b c
            PFCOUNT p
            PFCOUNT p
            BITFIELD b INCRBY u8 0 1
            SETBIT b 1 1
            SETBIT b 1 1
            COPY s u
            MOVE u 1
            COPY s u DB 2
            RENAME s r
            FLUSHDB
            SWAPDB 0 1
            SWAPDB 0 1
            FLUSHALL
            XADD x 1-1 a 1
            XADD x NOMKSTREAM 1-2 a 1 => XADD x 1-2 a 1
            XADD x MAXLEN 2 2-1 b 2 => XADD x MAXLEN = 2 2-1 b 2
            XADD x MAXLEN ~ 3 3-1 c 3 => XADD x 3-1 c 3
            XADD x MINID = 2 4-* d 4 => XADD x MAXLEN = 3 4-0 d 4
            XADD x 5-* e 5 => XADD x 5-0 e 5
            XTRIM x MAXLEN ~ 1
            XTRIM x MAXLEN = 3 => XTRIM x MAXLEN = 3
            XTRIM x MINID 3-1
            XSETID x 6-0 ENTRIESADDED 7 MAXDELETEDID 2-1
            XGROUP CREATE x g 0
            XREADGROUP GROUP g c COUNT 1 NOACK STREAMS x > => MULTI; XGROUP CREATECONSUMER x g c; \
            XGROUP SETID x g 3-1 ENTRIESREAD 5; EXEC
            XREADGROUP GROUP g c COUNT 1 NOACK STREAMS x >
            XCLAIM x g c 0 5-0 FORCE RETRYCOUNT 3
            XCLAIM x g c 100000 5-0
            XAUTOCLAIM x g c 0 0
            XACK x g 5-0
            XACK x g 5-0
            XGROUP SETID x g $ ENTRIESREAD 6
            XGROUP DELCONSUMER x g c
            XGROUP DESTROY x g
            XDEL x 4-0
            XDEL x 4-0
            """;

    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TestNode node = new TestNode(Clock.SYSTEM);
    private final TestNode.Client reader = node.connect();
    private final EffectLog log = new EffectLog(node);

    @AfterEach
    void close() {
        node.close();
        log.close();
    }

    // --- What Redis writes ---

    @Test
    void effects_have_the_forms_of_redis() throws IOException {
        assumeTrue(RedisServer.isInstalled());
        // A Redis that waits for the disk writes its file after the reply.
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "no");
                RespConnection connection = redis.connect();
                EffectFile file = new EffectFile(redis.directory().resolve("appendonlydir"))) {
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (String line : CASES.split("\n")) {
                String command = line.split(" => ")[0];
                Reply theirs = connection.ask(command.split(" "));
                node.engine().refreshTime();
                assertThat(node.run(command.split(" "))).as(command).isEqualTo(theirs);
                String told = String.join("; ", file.read());
                expected.add(command + " => " + masked(line.contains(" => ") ? line.split(" => ")[1] : told));
                actual.add(command + " => " + masked(String.join("; ", log.commands())));
            }
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** Times near to now are not the same on both sides. */
    private static String masked(String effects) {
        long now = Clock.SYSTEM.millis();
        return Pattern.compile("\\b\\d{13}\\b").matcher(effects).replaceAll(found -> {
            boolean near = Math.abs(Long.parseLong(found.group()) - now)
                    < Duration.ofDays(2).toMillis();
            return near ? "NOW" : found.group();
        });
    }

    /** Owned by the test: the increment of an append-only file, as it grows. */
    private static final class EffectFile implements AutoCloseable {
        private final FileChannel channel;

        EffectFile(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                channel = FileChannel.open(files.filter(file -> file.toString().endsWith(".incr.aof"))
                        .findFirst()
                        .orElseThrow());
            }
        }

        List<String> read() throws IOException {
            int bytes = (int) (channel.size() - channel.position());
            ByteBuf news = Unpooled.directBuffer(Math.max(1, bytes));
            try {
                news.writeBytes(channel, bytes);
                return EffectLog.commands(news);
            } finally {
                news.release();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    // --- What Redis makes of it ---

    @Test
    void redis_holds_the_same_data_when_it_is_sent_the_effects() {
        assumeTrue(RedisServer.isInstalled());
        System.out.println("effects: -Doracle.seed=" + seed);
        RandomCommands commands = new RandomCommands(rows(), seed, Clock.SYSTEM.millis());
        try (RedisServer redis = RedisServer.start();
                RespConnection connection = redis.connect();
                RespConnection asking = redis.connect()) {
            for (int i = 1; i <= COMMANDS; i++) {
                node.engine().refreshTime();
                run(commands);
                if (random.nextInt(30) == 0) {
                    node.run("MULTI");
                    for (int queued = random.nextInt(6); queued > 0; queued--) {
                        run(commands);
                    }
                    node.run("EXEC");
                }
                if (random.nextInt(500) == 0) {
                    long limit = random.nextBoolean() ? 0 : node.engine().usedMemory();
                    node.run("CONFIG", "SET", "maxmemory", "" + limit, "maxmemory-policy", "allkeys-random");
                }
                if (i % COMMANDS_BETWEEN_COMPARISONS == 0) {
                    // Looking at keys must not evict others.
                    node.run("CONFIG", "SET", "maxmemory", "0");
                    send(connection);
                    compare(asking);
                }
            }
        }
    }

    private static List<Command> rows() {
        return CommandTable.all().commands().stream()
                .filter(row -> RandomCommands.ON_DATABASES.contains(row)
                        || FAMILIES.contains(row.family())
                                && (row.spec().has(Flag.WRITE) || row.spec().has(Flag.MAY_REPLICATE)))
                .filter(row -> !row.spec().has(Flag.BLOCKING))
                .filter(row -> !RandomCommands.isYounger(row))
                .toList();
    }

    private void run(RandomCommands commands) {
        List<String> words = commands.next().words();
        if (words.stream().map(word -> word.toUpperCase(Locale.ROOT)).noneMatch(EffectsOracleTest::isUndefined)) {
            node.run(words);
        }
    }

    /** Redis leaves open what a range by member is where scores differ, and in which order equal elements are sorted. */
    private static boolean isUndefined(String word) {
        return word.contains("LEX") || word.equals("SORT");
    }

    private void send(RespConnection connection) {
        ByteBuf taken = log.take();
        List<String> effects = EffectLog.commands(taken.duplicate());
        byte[] bytes = new byte[taken.readableBytes()];
        taken.readBytes(bytes);
        taken.release();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> connection.send(bytes));
        for (String effect : effects) {
            assertThat(connection.read()).as(effect).isNotInstanceOf(Reply.Error.class);
        }
        sent.join();
    }

    private void compare(RespConnection asking) {
        for (int i = 0; i < DATABASES; i++) {
            reader.run("SELECT", "" + i);
            asking.ask("SELECT", "" + i);
            assertThat(Contents.values(reader::run))
                    .as("seed " + seed + ", database " + i)
                    .isEqualTo(Contents.values(asking::ask));
        }
    }
}
