package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients wait at a real redis-server and at our node, with the same random commands; then another one pushes: the same
 * clients are served, with the same. {@code -Doracle.seed} makes another run, {@code -Doracle.rounds} makes it longer.
 */
@Tag("oracle")
class BlockingOracleTest {
    private static final int ROUNDS = Integer.getInteger("oracle.rounds", 400);
    private static final int WAITERS = 4;

    private static final List<String> WAITS = List.of(
            "BLPOP l1 0",
            "BLPOP l1 l2 l3 0",
            "BRPOP l2 l1 0",
            "BRPOP z1 l3 0",
            "BLMOVE l1 l2 LEFT RIGHT 0",
            "BLMOVE l2 l3 RIGHT LEFT 0",
            "BLMOVE l3 z1 LEFT LEFT 0",
            "BLMOVE l1 l1 LEFT RIGHT 0",
            "BRPOPLPUSH l3 l1 0",
            "BLMPOP 0 2 l1 l2 LEFT COUNT 2",
            "BLMPOP 0 1 l3 RIGHT",
            "BZPOPMIN z1 0",
            "BZPOPMAX z2 z1 0",
            "BZPOPMIN l1 z2 0",
            "BZMPOP 0 2 z1 z2 MAX COUNT 3");
    private static final List<String> PUSHES = List.of(
            "RPUSH l1 a",
            "LPUSH l1 a b c",
            "RPUSH l2 d e",
            "LPUSH l3 f",
            "RPUSH l3 g h i j",
            "ZADD z1 1 a",
            "ZADD z1 3 c 2 b",
            "ZADD z2 5 x 6 y 7 z",
            "DEL l1",
            "DEL l1 l2 l3 z1 z2",
            "SET l2 text",
            "ZADD l1 1 a",
            "RPUSH z1 x",
            "RENAME l1 l2",
            "RENAME l3 l1",
            "RENAME z2 z1",
            "COPY l2 l3 REPLACE",
            "LMOVE l1 l2 LEFT LEFT",
            "RPOPLPUSH l2 l3",
            "ZUNIONSTORE z2 1 z1",
            "ZRANGESTORE z2 z1 0 -1",
            "LPOP l1",
            "ZPOPMIN z1",
            "EXPIRE l1 -1",
            "SWAPDB 0 1",
            "MOVE l1 1",
            "FLUSHALL");

    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TestNode node = new TestNode();
    private final TestNode.Client pusher = node.client();
    private final List<TestNode.Client> ours = new ArrayList<>();
    private final List<RespConnection> theirs = new ArrayList<>();
    private final List<Long> theirIds = new ArrayList<>();
    private final StringBuilder history = new StringBuilder();
    private RedisServer redis;
    private RespConnection other;

    @AfterEach
    void close() {
        node.close();
        theirs.forEach(RespConnection::close);
        if (redis != null) {
            other.close();
            redis.close();
        }
    }

    @Test
    void the_same_clients_are_served_with_the_same() {
        assumeTrue(RedisServer.isInstalled());
        System.out.println("oracle: -Doracle.seed=" + seed);
        redis = RedisServer.start();
        other = redis.connect();
        for (int i = 0; i < WAITERS; i++) {
            ours.add(node.connect());
            theirs.add(redis.connect());
            theirIds.add(((Reply.Int) theirs.get(i).ask("CLIENT", "ID")).value());
            if (i % 2 == 1) {
                theirs.get(i).ask("HELLO", "3");
                ours.get(i).run("HELLO", "3");
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            history.setLength(0);
            playRound();
        }
    }

    private void playRound() {
        push("FLUSHALL");
        for (int i = 0; i < WAITERS; i++) {
            await(i, pick(WAITS));
        }
        for (int i = 0; i < 6; i++) {
            boolean exec = random.nextInt(4) == 0;
            if (exec) {
                push("MULTI");
                for (int queued = random.nextInt(4); queued >= 0; queued--) {
                    push(pick(PUSHES));
                }
            }
            push(exec ? "EXEC" : pick(PUSHES));
            compareServed();
            int waiter = random.nextInt(WAITERS);
            if (random.nextInt(3) == 0 && !ours.get(waiter).session().isWaiting()) {
                await(waiter, pick(WAITS));
            }
        }
        for (int i = 0; i < WAITERS; i++) {
            unblock(i, random.nextBoolean() ? "ERROR" : "TIMEOUT");
        }
        for (String key : List.of("l1", "l2", "l3")) {
            push("LRANGE " + key + " 0 -1");
        }
        push("ZRANGE z1 0 -1 WITHSCORES");
        push("ZRANGE z2 0 -1 WITHSCORES");
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void remember(String who, String command) {
        history.append("\n  ").append(who).append(": ").append(command);
    }

    private void push(String command) {
        remember("pusher", command);
        String[] words = command.split(" ");
        assertThat(pusher.run(words)).as("seed " + seed + history).isEqualTo(other.ask(words));
    }

    private void await(int i, String command) {
        remember("waiter " + i, command);
        String[] words = command.split(" ");
        ours.get(i).send(words);
        theirs.get(i).send(words);
        if (!ours.get(i).session().isWaiting()) {
            compareReply(i);
        }
        awaitBlocked();
        compareServed();
    }

    /** What a client has sent to Redis has arrived there when as many wait as here. */
    private void awaitBlocked() {
        long waiting = ours.stream().filter(each -> each.session().isWaiting()).count();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(String.valueOf(other.ask("INFO", "clients")))
                        .as("seed " + seed + history)
                        .contains("blocked_clients:" + waiting + "\r"));
    }

    /** Reads what those were sent who wait no more. */
    private void compareServed() {
        for (int i = 0; i < WAITERS; i++) {
            String line = String.valueOf(
                    other.ask("CLIENT", "LIST", "ID", theirIds.get(i).toString()));
            assertThat(ours.get(i).session().isWaiting())
                    .as("seed " + seed + history + "\n  waiter " + i)
                    .isEqualTo(line.contains("flags=b"));
        }
        for (int i = 0; i < WAITERS; i++) {
            if (!ours.get(i).session().isWaiting()) {
                compareReply(i);
            }
        }
    }

    private void compareReply(int i) {
        for (Reply our : ours.get(i).received()) {
            assertThat(our)
                    .as("seed " + seed + history + "\n  waiter " + i)
                    .isEqualTo(theirs.get(i).read());
        }
    }

    private void unblock(int i, String how) {
        remember("unblocked " + i, how);
        Reply our = pusher.run(
                "CLIENT", "UNBLOCK", Long.toString(ours.get(i).session().id()), how);
        Reply their = other.ask("CLIENT", "UNBLOCK", theirIds.get(i).toString(), how);
        assertThat(our).as("seed " + seed + history).isEqualTo(their);
        compareReply(i);
    }
}
