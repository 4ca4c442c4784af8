package dev.jackdaw.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of directives, beside the words of those who use it. */
class DirectiveTest {
    /** Where our default is another than Redis's, and docs/OPERATIONS.md says so. */
    private static final Set<String> OTHER_DEFAULTS =
            Set.of("client-output-buffer-limit", "save", "dir", "bind", "port");

    private static final Set<String> OURS = Set.of("bus-port", "bus-peers", "aof-load-damaged");

    @Test
    @Tag("oracle")
    void names_and_defaults_are_those_of_redis() {
        assumeTrue(RedisServer.isInstalled());
        Map<String, String> theirs = new TreeMap<>();
        try (RedisServer redis = RedisServer.start("--enable-debug-command", "no");
                RespConnection connection = redis.connect()) {
            List<Reply> found = ((Reply.Array) connection.ask("CONFIG", "GET", "*")).elements();
            for (int i = 0; i < found.size(); i += 2) {
                theirs.put(((Reply.Bulk) found.get(i)).text(), ((Reply.Bulk) found.get(i + 1)).text());
            }
        }
        Map<String, String> ours = new TreeMap<>(new Config().matching(name -> true));
        OURS.forEach(ours::remove);
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
        Set<String> different = new TreeSet<>(ours.keySet());
        different.removeIf(name -> ours.get(name).equals(theirs.get(name)));
        assertThat(different).isSubsetOf(OTHER_DEFAULTS);
    }

    @Test
    void what_has_an_effect_is_documented() throws IOException {
        String text = Files.readString(Path.of("../docs/OPERATIONS.md"));
        assertThat(Arrays.stream(Directive.values())
                        .filter(directive -> !directive.isUnsupported() && !directive.isIdle())
                        .map(Directive::wireName)
                        .filter(name -> !text.contains("`" + name + "`")))
                .isEmpty();
    }
}
