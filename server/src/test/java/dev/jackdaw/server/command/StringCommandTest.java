package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StringCommandTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void get_returns_what_was_set() {
        assertThat(node.run("GET", "k")).isEqualTo(Reply.Null.BULK);
        assertThat(node.run("SET", "k", "v")).isEqualTo(new Reply.Simple("OK"));
        assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        assertThat(node.run("SET", "k", "-123")).isEqualTo(new Reply.Simple("OK"));
        assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("-123"));
    }
}
