package dev.jackdaw.proxy.near;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NearNodeTest {
    private final NearNode node = new NearNode();

    @Test
    void a_node_should_hear_of_a_use_when_a_sixteenth_of_its_keys_was_written() {
        node.keys(1_600);
        for (int i = 0; i < 99; i++) {
            node.written(i);
            assertThat(node.shouldHear(0)).isFalse();
        }
        node.written(99);
        assertThat(node.shouldHear(0)).isTrue();
        assertThat(node.shouldHear(node.writes())).isFalse();
    }

    @Test
    void the_more_is_written_the_hotter_a_key_must_be() {
        node.keys(1_600);
        assertThat(node.span(0)).isEqualTo(Popularity.WINDOW);
        for (int write = 1; write <= 10_000; write++) {
            node.written(2L * write);
        }
        assertThat(node.span(20_000)).isBetween(190L, 210L);
        assertThat(node.span(120_000)).isEqualTo(100_000);
    }

    @Test
    void popularity_depends_on_the_span_in_which_a_key_must_come_up() {
        Popularity popularity = new Popularity();
        long hash = 0x123456789abcdefL;
        for (int i = 0; i < 7; i++) {
            assertThat(popularity.read(hash, Popularity.WINDOW)).isFalse();
        }
        assertThat(popularity.read(hash, Popularity.WINDOW)).isTrue();
        assertThat(popularity.read(hash, Popularity.WINDOW / 4)).isFalse();
        for (int i = 0; i < 24; i++) {
            popularity.read(hash, 0);
        }
        assertThat(popularity.read(hash, Popularity.WINDOW / 4)).isTrue();
    }
}
