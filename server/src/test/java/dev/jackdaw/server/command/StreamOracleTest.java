package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.StreamCommand;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Clock;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random commands on streams beside a real redis-server, most of them appending, reading and trimming, with nodes of many
 * sizes: where nodes end is where rough trimming stops. {@code -Doracle.seed} makes another run.
 */
@Tag("oracle")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class StreamOracleTest {
    private static final int COMMANDS = Integer.getInteger("oracle.commands", 20_000);
    private static final int MOST_CRASHES = 1 + COMMANDS / 4_000;
    private static final int COMMANDS_BETWEEN_SIZES = 300;
    // No more than by default: beyond that redis-server 7.0.15 was seen to hang up in the middle of XADD MINID.
    private static final List<String> NODE_ENTRIES = List.of("1", "3", "10", "50", "100");
    private static final List<String> NODE_BYTES = List.of("100", "300", "1000", "4096");
    private static final Set<Command> CONTAINERS =
            Set.of(StreamCommand.XGROUP, StreamCommand.XGROUP_HELP, StreamCommand.XINFO, StreamCommand.XINFO_HELP);

    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(~seed);

    @Test
    void random_commands_on_streams_are_answered_as_redis_does() {
        assumeTrue(RedisServer.isInstalled());
        System.out.println("oracle: -Doracle.seed=" + seed);
        RandomCommands commands = new RandomCommands(rows(), seed, Clock.SYSTEM.millis());
        int done = 0;
        for (int crashes = 0; done < COMMANDS; crashes++) {
            assertThat(crashes).as("crashes of Redis").isLessThan(MOST_CRASHES);
            done = compareFrom(done, commands);
        }
    }

    /** Returns how many commands are done: all, or those until Redis ended, as 7.0.15 sometimes does when it trims. */
    private int compareFrom(int done, RandomCommands commands) {
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect();
                TestNode node = new TestNode(Clock.SYSTEM)) {
            for (int i = done; i < COMMANDS; i++) {
                if (i == done || i % COMMANDS_BETWEEN_SIZES == 0) {
                    String[] set = {
                        "CONFIG",
                        "SET",
                        "stream-node-max-entries",
                        pick(NODE_ENTRIES),
                        "stream-node-max-bytes",
                        pick(NODE_BYTES)
                    };
                    assertThat(node.run(set)).isEqualTo(theirs.ask(set));
                }
                RandomCommands.Made made = commands.next();
                String[] words = made.words().toArray(new String[0]);
                node.engine().refreshTime();
                Reply our = node.run(words);
                Reply their;
                try {
                    their = theirs.ask(words);
                } catch (UncheckedIOException crash) {
                    System.out.println("oracle: Redis crashed at command " + i + ": " + made.words());
                    return i + 1;
                }
                assertThat(ReplyComparison.same(made.row(), our, their))
                        .as("seed %d, command %d: %s: %s but Redis says %s", seed, i, made.words(), our, their)
                        .isTrue();
            }
        }
        return COMMANDS;
    }

    private static List<Command> rows() {
        List<Command> rows = new ArrayList<>(Family.STREAM.commands());
        rows.removeAll(CONTAINERS);
        rows.removeIf(RandomCommands::isYounger);
        rows.addAll(Collections.nCopies(3 * rows.size(), StreamCommand.XADD));
        rows.addAll(Collections.nCopies(10, StreamCommand.XREADGROUP));
        rows.addAll(Collections.nCopies(4, StreamCommand.XINFO_STREAM));
        return rows;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
