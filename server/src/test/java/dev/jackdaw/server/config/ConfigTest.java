package dev.jackdaw.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings that change while the node runs. */
class ConfigTest {
    private final Config config = new Config();

    @Test
    void followers_learn_of_changes_when_all_are_made() {
        List<String> heard = new ArrayList<>();
        config.follow(Directive.MAXMEMORY, bytes -> heard.add(bytes + " at " + config.text(Directive.HZ)));
        change("maxmemory", "1gb", "HZ", "50");
        change("hz", "60");
        assertThat(heard).containsExactly("0 at 10", "1073741824 at 50");
    }

    @Test
    void one_wrong_value_undoes_all() {
        rejected("maxclients", "argument couldn't be parsed into an integer", "hz", "50", "maxclients", "x");
        assertThat(config.number(Directive.HZ)).isEqualTo(10);
    }

    @Test
    void what_cannot_be_changed_is_rejected() {
        rejected("nosuch", null, "nosuch", "1");
        rejected("rename-command", null, "rename-command", "GET X");
        rejected("databases", "can't set immutable config", "databases", "4");
        rejected("dir", "can't set protected config", "dir", "/tmp");
        rejected("HZ", "duplicate parameter", "hz", "1", "HZ", "2");
        rejected("tls-cluster", "not supported yet, other than by its default 'no'", "tls-cluster", "yes");
        change("tls-cluster", "no");
        config.change(List.of(new Config.Assignment("dir", "/tmp")), true);
        assertThat(config.text(Directive.DIR)).isEqualTo("/tmp");
    }

    @Test
    void old_names_are_the_same_setting() {
        change("hash-max-ziplist-entries", "7");
        assertThat(config.number(Directive.HASH_MAX_LISTPACK_ENTRIES)).isEqualTo(7);
        assertThat(config.matching(name -> name.startsWith("hash-max") && name.endsWith("entries")))
                .isEqualTo(Map.of("hash-max-listpack-entries", "7", "hash-max-ziplist-entries", "7"));
    }

    @Test
    void output_limits_change_class_by_class() {
        change("client-output-buffer-limit", "normal 1mb 2 3 replica 1k 1kb 4");
        assertThat(config.text(Directive.CLIENT_OUTPUT_BUFFER_LIMIT))
                .isEqualTo("normal 1048576 2 3 slave 1000 1024 4 pubsub 33554432 8388608 60");
        String name = "client-output-buffer-limit";
        rejected(name, "Wrong number of arguments in buffer limit configuration.", name, "normal 1 2");
        rejected(name, "Invalid client class specified in buffer limit configuration.", name, "master 1 2 3");
        rejected(
                name,
                "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
                name,
                "slave 1 2 x");
    }

    @Test
    void a_signal_has_the_options_of_shutdown() {
        change("shutdown-on-sigterm", "Force save default save");
        assertThat(config.text(Directive.SHUTDOWN_ON_SIGTERM)).isEqualTo("save force");
        rejected(
                "shutdown-on-sigterm",
                "shutdown options SAVE and NOSAVE can't be used simultaneously",
                "shutdown-on-sigterm",
                "save nosave");
        change("shutdown-on-sigterm", "default");
        assertThat(config.text(Directive.SHUTDOWN_ON_SIGTERM)).isEqualTo("default");
    }

    private void change(String... pairs) {
        List<Config.Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            assignments.add(new Config.Assignment(pairs[i], pairs[i + 1]));
        }
        config.change(assignments, false);
    }

    private void rejected(String name, String reason, String... pairs) {
        Config.Rejection rejection = catchThrowableOfType(Config.Rejection.class, () -> change(pairs));
        assertThat(rejection.name()).isEqualTo(name);
        assertThat(rejection.reason()).isEqualTo(reason);
    }
}
