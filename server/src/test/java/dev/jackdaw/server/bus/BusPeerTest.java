package dev.jackdaw.server.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusPeerTest {
    @Test
    void bus_port_follows_from_the_port_of_the_clients() {
        assertThat(BusPeer.parse("localhost:6379")).isEqualTo(new BusPeer("localhost", 16379));
        assertThat(BusPeer.parse("[::1]:55535")).isEqualTo(new BusPeer("::1", 65535));
        assertThat(BusPeer.parse("10.0.0.1:55536")).isEqualTo(new BusPeer("10.0.0.1", 45536));
        assertThat(BusPeer.parse("node-1:6379@7000")).isEqualTo(new BusPeer("node-1", 7000));
    }

    @Test
    void list_has_commas_or_blanks_between() {
        List<BusPeer> both = List.of(new BusPeer("a", 10_001), new BusPeer("b", 10_002));
        assertThat(BusPeer.parseAll("a:1,b:2")).isEqualTo(both);
        assertThat(BusPeer.parseAll(" a:1  b:2 ")).isEqualTo(both);
        assertThat(BusPeer.parseAll("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", "host:", "host:x", "host:0", "host:65536", "host:1@", "host:1@0", "a:-1"})
    void what_is_no_address_is_refused(String text) {
        assertThatThrownBy(() -> BusPeer.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
