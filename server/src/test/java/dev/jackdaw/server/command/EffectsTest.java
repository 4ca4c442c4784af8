package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EffectsTest {
    private final TestNode node = new TestNode();
    private final EffectLog log = new EffectLog(node);

    @AfterEach
    void close() {
        node.close();
        log.close();
    }

    @Test
    void a_command_is_its_own_effect_if_it_changes_anything() {
        node.run("set", "k", "v");
        node.run("GET", "k");
        node.run("DEL", "nothing");
        node.run("LPUSH", "k", "refused");

        assertThat(log.commands()).containsExactly("SELECT 0", "set k v");
    }

    @Test
    void a_key_that_expires_is_deleted_before_the_command_that_finds_it_gone() {
        node.run("SET", "k", "v");
        node.run("PEXPIREAT", "k", "1800000000100");
        node.advanceWithoutBackground(100);
        node.run("APPEND", "k", "w");

        assertThat(log.commands())
                .containsExactly(
                        "SELECT 0", "SET k v", "PEXPIREAT k 1800000000100", "MULTI", "DEL k", "APPEND k w", "EXEC");
    }
}
