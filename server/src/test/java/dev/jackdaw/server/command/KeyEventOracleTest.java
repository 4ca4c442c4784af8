package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same random commands to a real redis-server and to our node: the same keyspace notifications in the same order.
 * {@code -Doracle.seed} makes another run, {@code -Doracle.commands} makes it longer.
 */
@Tag("oracle")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class KeyEventOracleTest {
    private static final int COMMANDS = Integer.getInteger("oracle.commands", 20_000);
    private static final int TOLD = 10;
    private static final String PATTERN = "__key*__:*";
    private static final String ALL_CLASSES = "AKEmn";
    private static final Set<Family> WITHOUT_KEYS =
            EnumSet.of(Family.CONNECTION, Family.TRANSACTION, Family.PUBSUB, Family.SERVER);
    private static final Set<Command> ALSO = Set.of(ServerCommand.FLUSHDB, ServerCommand.SWAPDB);

    private final long seed = Long.getLong("oracle.seed", 1);
    private final TestNode node = new TestNode(Clock.SYSTEM);
    private final TestNode.Client listener = node.connect();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void random_commands_bring_about_the_events_that_redis_tells() {
        assumeTrue(RedisServer.isInstalled());
        System.out.println("events: -Doracle.seed=" + seed);
        RandomCommands commands = new RandomCommands(compared(), seed, Clock.SYSTEM.millis());
        List<String> differences = new ArrayList<>();
        try (RedisServer redis = RedisServer.start("--notify-keyspace-events", ALL_CLASSES);
                RespConnection theirs = redis.connect();
                RespConnection asked = redis.connect();
                RespConnection theirListener = redis.connect()) {
            theirs.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            theirListener.ask("PSUBSCRIBE", PATTERN);
            node.run("CONFIG", "SET", "notify-keyspace-events", ALL_CLASSES);
            listener.runAll("PSUBSCRIBE", PATTERN);
            for (int i = 0; i < COMMANDS && differences.size() < TOLD; i++) {
                RandomCommands.Made made = commands.next();
                if (KnownDifference.explains(made) || KnownDifference.isUndefined(made, asked)) {
                    continue;
                }
                // Whether it is defined was asked of Redis, and may have missed a key there.
                heard(theirListener);
                String[] words = made.words().toArray(new String[0]);
                node.engine().refreshTime();
                node.run(words);
                theirs.ask(words);
                List<Reply> ours = listener.received();
                List<Reply> heard = heard(theirListener);
                if (!ours.equals(heard)) {
                    differences.add(made.words() + "\n  we:    " + told(ours) + "\n  Redis: " + told(heard));
                }
                if (made.row() == SetCommand.SPOP && words.length > 1) {
                    // What is left differs.
                    node.run("DEL", words[1]);
                    theirs.ask("DEL", words[1]);
                    listener.received();
                    heard(theirListener);
                }
            }
        }
        assertThat(differences).as("seed " + seed).isEmpty();
    }

    private static List<Command> compared() {
        return CommandTable.all().commands().stream()
                .filter(row -> !WITHOUT_KEYS.contains(row.family()) || ALSO.contains(row))
                .filter(row -> !RandomCommands.isYounger(row) && !row.spec().has(Flag.BLOCKING))
                .toList();
    }

    /** What the server published before it answers a PING that is sent now. */
    private static List<Reply> heard(RespConnection connection) {
        connection.send("PING");
        List<Reply> messages = new ArrayList<>();
        while (true) {
            Reply message = connection.read();
            if (message instanceof Reply.Array array && array.elements().size() == 2) {
                return messages;
            }
            messages.add(message);
        }
    }

    /** What was published on which channel. */
    private static List<String> told(List<Reply> messages) {
        return messages.stream()
                .map(message -> ((Reply.Array) message).elements())
                .map(words -> ((Reply.Bulk) words.get(2)).text() + " " + ((Reply.Bulk) words.get(3)).text())
                .filter(line -> line.startsWith("__keyevent"))
                .toList();
    }
}
