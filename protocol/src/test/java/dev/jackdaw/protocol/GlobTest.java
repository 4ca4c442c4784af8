package dev.jackdaw.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GlobTest {
    private final Request request = new Request();
    private final Glob glob = new Glob();

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
        assertThat(matches("Get[A-C]", "gETb", true)).isTrue();
        assertThat(matches("Get[A-C]", "gETb", false)).isFalse();
        assertThat(matches("G*[e-z]T[A-C]*", "gxxETbx", true)).isTrue();
    }

    @Test
    void no_pattern_takes_long() {
        String text = "a".repeat(100_000);
        for (String pattern : List.of(
                "a*".repeat(29) + "b",
                "[".repeat(50_000),
                "*" + "a".repeat(50_000) + "b*",
                "*" + "?".repeat(25_000) + "b" + "?".repeat(25_000) + "*",
                "*[" + "a-b".repeat(30_000) + "]c*")) {
            assertThat(matches(pattern, text)).isFalse();
        }
        assertThat(matches("*" + "a".repeat(50_000) + "?*", text)).isTrue();
        for (String pattern : List.of("*?".repeat(50_000), "*".repeat(1_000), "*a".repeat(20_000))) {
            assertThat(matches(pattern, text)).isTrue();
        }
    }

    @Test
    void what_takes_too_long_to_find_is_not_found() {
        String text = "a".repeat(1_000_000);
        assertThat(matches("*" + "a".repeat(500_000) + "?*", text)).isTrue();
        assertThat(matches("*" + "a".repeat(500_000) + "b*", text + "b")).isFalse();
    }

    @Test
    void a_long_search_finds_what_a_plain_one_does() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = text(random, 1 + random.nextInt(300_000 / (1 + i)));
            int size = 1 + random.nextInt(Math.min(text.length(), 300));
            String piece =
                    text.substring(random.nextInt(text.length() - size + 1)).substring(0, size);
            if (random.nextInt(3) == 0) {
                piece = piece.substring(0, size - 1) + 'b';
            }
            int marked = random.nextInt(size);
            boolean expected = text.contains(piece);
            assertThat(matches("*" + piece + "*", text))
                    .as("seed " + seed + ", " + i)
                    .isEqualTo(expected);
            assertThat(matches("*" + piece.toUpperCase(Locale.ROOT) + "*", text, true))
                    .as("seed " + seed)
                    .isEqualTo(expected);
            String loose = piece.substring(0, marked) + "[^c]" + piece.substring(marked + 1) + "?";
            String regex = piece.substring(0, marked) + "[^c]" + piece.substring(marked + 1) + ".";
            assertThat(matches("*" + loose + "*", text))
                    .as("seed " + seed + ", " + i)
                    .isEqualTo(Pattern.compile(regex).matcher(text).find());
        }
    }

    /** Almost all of it is the same letter, so that a plain search takes long. */
    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder("a".repeat(length));
        for (int i = random.nextInt(4); i > 0; i--) {
            text.setCharAt(random.nextInt(length), 'b');
        }
        return text.toString();
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
        return matches(pattern, text, false);
    }

    private boolean matches(String pattern, String text, boolean ignoreCase) {
        request.set(bytes(pattern), bytes(text));
        glob.at(request.address(0), pattern.length(), ignoreCase);
        return glob.matches(request.address(1), text.length());
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
