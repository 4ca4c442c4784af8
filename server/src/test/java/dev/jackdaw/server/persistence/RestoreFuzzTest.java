package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Payloads with whole checksums and damaged contents: RESTORE refuses them or makes a value that can be used, and takes no
 * more memory than what it was given could hold. {@code -Dfuzz.seed} repeats a run, {@code -Dfuzz.payloads} makes it longer.
 */
class RestoreFuzzTest {
    private static final int PAYLOADS = Integer.getInteger("fuzz.payloads", 8_000);
    private static final int PAYLOADS_BETWEEN_CHECKS = 500;
    private static final int MAX_LENGTH = 20_000;
    private static final int MAX_RATIO = 100;
    private static final long SPARE_BYTES = 100_000;
    private static final int[] TYPES = {0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25};

    private final long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void damaged_payloads_harm_nobody() {
        System.out.println("fuzz: -Dfuzz.seed=" + seed);
        List<String> whole = payloads();
        int restored = 0;
        for (int i = 0; i < PAYLOADS; i++) {
            String damaged = damaged(whole.get(random.nextInt(whole.size())));
            long before = node.engine().usedMemory();
            Reply reply = node.run("RESTORE", "k", "0", damaged, "REPLACE");
            long taken = node.engine().usedMemory() - before;
            assertThat(taken).as("seed %d, payload %d", seed, i).isLessThan(MAX_RATIO * damaged.length() + SPARE_BYTES);
            if (reply.equals(new Reply.Simple("OK"))) {
                restored++;
                use();
            } else {
                assertThat(reply).isEqualTo(new Reply.Error("ERR Bad data format"));
            }
            if (i % PAYLOADS_BETWEEN_CHECKS == 0) {
                EngineCheck.check(node.engine());
            }
        }
        assertThat(restored).isPositive();
        EngineCheck.check(node.engine());
    }

    private List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        Shapes.commands(seed).forEach(node::run);
        node.run("HSET", "h-expiring", "a", "1", "b", "2");
        node.run("HPEXPIREAT", "h-expiring", "1900000000000", "FIELDS", "1", "a");
        for (Reply key : ((Reply.Array) node.run("KEYS", "*")).elements()) {
            String payload = ((Reply.Bulk) node.run("DUMP", ((Reply.Bulk) key).text())).text();
            if (payload.length() < MAX_LENGTH) {
                payloads.add(payload);
            }
        }
        for (String old : OldFormatsTest.old().values()) {
            payloads.add(old);
        }
        node.run("FLUSHALL");
        return payloads;
    }

    private String damaged(String whole) {
        StringBuilder bytes = new StringBuilder(whole.substring(0, whole.length() - RdbFormat.FOOTER_BYTES));
        for (int i = 1 + random.nextInt(3); i > 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(6)) {
                case 0 -> bytes.setCharAt(0, (char) TYPES[random.nextInt(TYPES.length)]);
                case 1 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 2 -> bytes.setCharAt(at, (char) (bytes.charAt(at) ^ 1 << random.nextInt(8)));
                case 3 -> bytes.insert(at, (char) random.nextInt(256));
                case 4 -> bytes.delete(at, at + 1 + random.nextInt(4));
                default -> bytes.setLength(at);
            }
        }
        return new Payload().text(bytes.toString()).whole(12);
    }

    /** Reads and changes what was restored, as clients may. */
    private void use() {
        Contents.of(node::run, "k");
        node.run("DUMP", "k");
        for (String command : List.of(
                "APPEND k x",
                "LPUSH k a",
                "LINSERT k AFTER a b",
                "RPOP k 2",
                "SADD k 5 a",
                "SPOP k 2",
                "HSET k a 1 f " + "x".repeat(70),
                "HDEL k a",
                "ZADD k 1 a 2 b",
                "ZREMRANGEBYRANK k 0 1",
                "XADD k * f v",
                "XREADGROUP GROUP g bob COUNT 3 STREAMS k >",
                "XACK k g 1-1 5-0",
                "XTRIM k MAXLEN 3",
                "XDEL k 5-0 1-2",
                "COPY k l REPLACE")) {
            node.run(command.split(" "));
        }
    }
}
