package dev.jackdaw.protocol.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SlotTest {
    private final Request request = new Request();

    @Test
    void slots_are_those_of_redis_cluster() {
        assertThat(slot("")).isZero();
        assertThat(slot("foo")).isEqualTo(12182);
        assertThat(slot("bar")).isEqualTo(5061);
        assertThat(slot("123456789")).isEqualTo(0x31C3);
        assertThat(slot("user1000")).isEqualTo(3443);
    }

    @Test
    void a_hash_tag_alone_is_hashed() {
        assertThat(slot("{user1000}.following"))
                .isEqualTo(slot("{user1000}.followers"))
                .isEqualTo(slot("user1000"));
        assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
        assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
    }

    @Test
    void without_a_tag_the_whole_key_is_hashed() {
        assertThat(slot("{}x")).isNotEqualTo(slot("")).isNotEqualTo(slot("x"));
        assertThat(slot("foo{}{bar}")).isNotEqualTo(slot("bar"));
        assertThat(slot("a{b")).isNotEqualTo(slot("b"));
        assertThat(slot("a}b{")).isNotEqualTo(slot("b"));
    }

    private int slot(String key) {
        request.set(key.getBytes(StandardCharsets.ISO_8859_1));
        return Slot.of(request.address(0), request.length(0));
    }
}
