package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.rdb.RdbFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Payloads with whole checksums and damaged contents: RESTORE refuses them or makes a value that can be used, and takes no
 * more memory than what it was given could hold.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RestoreFuzzTest {
    private static final int PAYLOADS_BETWEEN_CHECKS = 500;
    /** However little time there is. */
    private static final int LEAST_PAYLOADS = 200;

    private static final int MAX_LENGTH = 20_000;
    private static final int[] TYPES = {0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25};

    private final Fuzz fuzz = new Fuzz();
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void damaged_payloads_harm_nobody() {
        List<String> whole = payloads();
        int restored = 0;
        for (int i = 0; i < LEAST_PAYLOADS || fuzz.goesOn(); i++) {
            String damaged = damaged(whole.get(fuzz.random().nextInt(whole.size())));
            long before = node.engine().usedMemory();
            Reply reply = node.run("RESTORE", "k", "0", damaged, "REPLACE");
            fuzz.assertBounded(node, before, damaged.length());
            if (reply.equals(new Reply.Simple("OK"))) {
                restored++;
                use();
            } else {
                assertThat(reply).as(fuzz.toString()).isEqualTo(new Reply.Error("ERR Bad data format"));
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
        Shapes.commands(fuzz.random().nextLong()).forEach(node::run);
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
        String value = whole.substring(0, whole.length() - RdbFormat.FOOTER_BYTES);
        if (fuzz.random().nextInt(6) == 0) {
            value = (char) TYPES[fuzz.random().nextInt(TYPES.length)] + value.substring(1);
        }
        byte[] damaged = fuzz.damaged(value.getBytes(StandardCharsets.ISO_8859_1));
        return new Payload()
                .text(new String(damaged, StandardCharsets.ISO_8859_1))
                .whole(12);
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
                "HSET k g " + "x".repeat(3000),
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
