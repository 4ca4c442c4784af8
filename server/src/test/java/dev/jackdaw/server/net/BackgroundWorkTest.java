package dev.jackdaw.server.net;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The event loop makes steps of long work, and looks at its clients between any two. */
class BackgroundWorkTest {
    private static final int SETS = 20;
    private static final int MEMBERS = 20_000;
    private static final String PENDING = "lazyfree_pending_objects:";

    @Test
    void clients_are_served_while_large_values_are_freed() {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect()) {
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> isSeenAtWork(client));
        }
    }

    /** Whether a client that asks all the time finds some of the values freed and others not. */
    private static boolean isSeenAtWork(RespConnection client) {
        for (int i = 0; i < SETS; i++) {
            client.ask(words("SADD", "set" + i, "member", MEMBERS));
        }
        client.ask(words("UNLINK", "set0", "set", SETS));
        int pending = pending(client);
        while (pending == SETS) {
            pending = pending(client);
        }
        return pending > 0;
    }

    private static String[] words(String command, String key, String prefix, int count) {
        return Stream.concat(Stream.of(command, key), IntStream.range(0, count).mapToObj(number -> prefix + number))
                .toArray(String[]::new);
    }

    private static int pending(RespConnection client) {
        String memory = ((Reply.Bulk) client.ask("INFO", "memory")).text();
        int begin = memory.indexOf(PENDING) + PENDING.length();
        return Integer.parseInt(memory.substring(begin, memory.indexOf('\r', begin)));
    }
}
