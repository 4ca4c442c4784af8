package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether the table of bad input says what a real redis-server replies, where it does not say that we differ. */
class BadInputOracleTest {
    @Test
    void redis_replies_what_the_table_says() {
        assumeTrue(RedisServer.isInstalled());
        List<String> wrong = new ArrayList<>();
        BadInputTest.bySettings().forEach((settings, cases) -> {
            try (RedisServer redis = RedisServer.start(settings.toArray(String[]::new))) {
                List<BadInput> same = cases.stream().filter(bad -> !bad.ours()).toList();
                BadInputTest.runAll(
                        same,
                        redis.port(),
                        bad -> BadInputTest.check(bad, new RawClient(redis.port()), "", "", BadInputTest.WHOLE),
                        wrong);
            }
        });
        assertThat(wrong).isEmpty();
    }
}
