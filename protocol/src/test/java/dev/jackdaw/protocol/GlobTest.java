package dev.jackdaw.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GlobTest {
    private final Request request = new Request();

    @Test
    void stars_and_marks_match() {
        assertThat(matches("h?llo", "hello")).isTrue();
        assertThat(matches("h*llo", "hllo")).isTrue();
        assertThat(matches("h*llo", "heeello")).isTrue();
        assertThat(matches("*a*b", "xaybzb")).isTrue();
        assertThat(matches("*a*b", "xaybz")).isFalse();
        assertThat(matches("", "")).isTrue();
        assertThat(matches("*", "")).isTrue();
        assertThat(matches("a", "")).isFalse();
    }

    @Test
    void classes_match() {
        assertThat(matches("h[ae]llo", "hallo")).isTrue();
        assertThat(matches("h[^e]llo", "hello")).isFalse();
        assertThat(matches("h[a-c]llo", "hbllo")).isTrue();
        assertThat(matches("h[c-a]llo", "hbllo")).isTrue();
        assertThat(matches("[\\]]", "]")).isTrue();
        assertThat(matches("[^", "x")).isTrue();
        assertThat(matches("[a-", "-")).isTrue();
    }

    @Test
    void a_backslash_takes_the_next_as_it_is() {
        assertThat(matches("a\\*b", "a*b")).isTrue();
        assertThat(matches("a\\*b", "axb")).isFalse();
        assertThat(matches("\\", "\\")).isTrue();
    }

    @Test
    void case_can_be_ignored() {
        request.set(bytes("Get[A-C]"), bytes("gETb"));
        assertThat(Glob.matches(request.address(0), 8, request.address(1), 4, true))
                .isTrue();
        assertThat(Glob.matches(request.address(0), 8, request.address(1), 4, false))
                .isFalse();
    }

    @Test
    void no_pattern_takes_long() {
        String text = "a".repeat(10_000);
        for (String pattern :
                List.of("a*".repeat(29) + "b", "*".repeat(1_000), "*a".repeat(20_000), "[".repeat(50_000))) {
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> matches(pattern, text));
        }
    }

    @Test
    @Tag("oracle")
    void random_patterns_match_what_redis_matches() {
        assumeTrue(RedisServer.isInstalled());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> keys = new ArrayList<>();
        try (RedisServer redis = RedisServer.start();
                RespConnection connection = redis.connect()) {
            for (int i = 0; i < 200; i++) {
                String key = random(random, "abc-]^\\*?\u00e9", 5);
                keys.add(key);
                connection.ask("SET", key, "");
            }
            for (int i = 0; i < 3_000; i++) {
                String pattern = random(random, "abc**??[[]^-\\\u00e9", 8);
                TreeSet<String> expected = new TreeSet<>();
                ((Reply.Array) connection.ask("KEYS", pattern))
                        .elements()
                        .forEach(key -> expected.add(((Reply.Bulk) key).text()));
                TreeSet<String> actual = new TreeSet<>(keys);
                actual.removeIf(key -> !matches(pattern, key));
                assertThat(actual).as("seed " + seed + ", pattern " + pattern).isEqualTo(expected);
            }
        }
    }

    private boolean matches(String pattern, String text) {
        request.set(bytes(pattern), bytes(text));
        return Glob.matches(request.address(0), pattern.length(), request.address(1), text.length(), false);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String random(Random random, String letters, int longest) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(longest + 1); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
