package dev.jackdaw.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void numbers_in_turn_fill_the_holes() {
        Template.Batch batch = Template.of("GET key:{n}").batch(2, 0);
        Numbers numbers = Numbers.inTurn(3);
        assertThat(text(batch.fill(numbers))).isEqualTo(get("key:000000000000") + get("key:000000000001"));
        assertThat(text(batch.fill(numbers))).isEqualTo(get("key:000000000002") + get("key:000000000000"));
    }

    @Test
    void a_number_has_as_many_digits_as_asked() {
        Template.Batch batch = Template.of("GET m{n:5}").batch(1, 0);
        Numbers numbers = Numbers.inTurn(100);
        batch.fill(numbers);
        assertThat(text(batch.fill(numbers))).isEqualTo("*2\r\n$3\r\nGET\r\n$6\r\nm00001\r\n");
    }

    @Test
    void values_have_their_lengths() {
        assertThat(text(Template.of("SET k {value}").batch(1, 0).fill(Numbers.inTurn(1))))
                .isEqualTo("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$32\r\n" + "x".repeat(32) + "\r\n");
        assertThat(text(Template.of("SET k {value:3}").batch(1, 0).fill(Numbers.inTurn(1))))
                .endsWith("$3\r\nxxx\r\n");
        String mixed = text(Template.of("ECHO {value:16-64}").batch(500, 1).fill(Numbers.inTurn(1)));
        Set<Integer> lengths = new HashSet<>();
        Matcher value = Pattern.compile("\\$(\\d+)\r\n(x+)\r\n").matcher(mixed);
        while (value.find()) {
            assertThat(value.group(2)).hasSize(Integer.parseInt(value.group(1)));
            lengths.add(value.group(2).length());
        }
        assertThat(lengths)
                .contains(16, 64)
                .allSatisfy(length -> assertThat(length).isBetween(16, 64));
    }

    @Test
    void ranges_stay_within_their_ends() {
        Template.Batch batch = Template.of("EXPIRE k {10-13}").batch(1, 0);
        Numbers numbers = Numbers.random(1000, 7);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String command = text(batch.fill(numbers));
            seen.add(command.substring(command.length() - 4, command.length() - 2));
        }
        assertThat(seen).containsExactlyInAnyOrder("10", "11", "12", "13");
    }

    @Test
    void ranges_of_two_widths_are_refused() {
        assertThatThrownBy(() -> Template.of("EXPIRE k {1-10}").batch(1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_same_seed_gives_the_same_numbers() {
        Numbers one = Numbers.random(1_000_000, 5);
        Numbers other = Numbers.random(1_000_000, 5);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int number = one.next();
            assertThat(number).isEqualTo(other.next()).isBetween(0, 999_999);
            seen.add(number);
        }
        assertThat(seen).hasSizeGreaterThan(990);
    }

    private static String get(String key) {
        return "*2\r\n$3\r\nGET\r\n$16\r\n" + key + "\r\n";
    }

    private static String text(ByteBuffer encoded) {
        return StandardCharsets.US_ASCII.decode(encoded.duplicate()).toString();
    }
}
