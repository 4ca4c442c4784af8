package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test on a small hash, and on one that other fields have made large. */
class HashCommandTest {
    private final TestNode node = new TestNode();
    private int others;

    @AfterEach
    void close() {
        node.close();
    }

    private void prepare(int fields) {
        others = fields;
        for (int i = 0; i < fields; i++) {
            node.run("HSET", "h", "other:" + i, "v" + i);
        }
        node.run("SET", "string", "x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hset_counts_new_fields_and_changes_the_others(int fields) {
        prepare(fields);
        assertThat(node.run("HSET", "h", "a", "1", "b", "2", "a", "3")).isEqualTo(number(2));
        assertThat(node.run("HSET", "h", "b", "a longer value than before")).isEqualTo(number(0));
        assertThat(node.run("HGET", "h", "a")).isEqualTo(bulk("3"));
        assertThat(node.run("HGET", "h", "b")).isEqualTo(bulk("a longer value than before"));
        assertThat(node.run("HLEN", "h")).isEqualTo(number(others + 2));
    }

    private static Reply number(long value) {
        return new Reply.Int(value);
    }

    private static Reply bulk(String text) {
        return new Reply.Bulk(text);
    }
}
