package dev.jackdaw.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.resp.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CliTest {
    private final Hints hints = new Hints();

    @Test
    void hints_show_what_is_missing() {
        assertThat(hints.missing(List.of("set")))
                .startsWith("key value [NX | XX | ")
                .contains("] [GET] [EX");
        assertThat(hints.missing(List.of("SET", "k"))).startsWith("value [NX | XX | ");
        assertThat(hints.missing(List.of("SET", "k", "v", "EX"))).startsWith("[NX | XX | ");
        assertThat(hints.missing(List.of("GET", "k"))).isEmpty();
        assertThat(hints.missing(List.of("client", "kill"))).contains("ip:port");
        assertThat(hints.missing(List.of("nosuch"))).isEmpty();
    }

    @Test
    void words_are_completed_from_the_command_table() {
        assertThat(hints.completions(List.of("hincr"))).contains("HINCRBY");
        assertThat(hints.completions(List.of("client", "k"))).containsExactly("KILL");
        assertThat(hints.completions(List.of("get", "k"))).isEmpty();
        assertThat(hints.help(List.of("config", "set"))).startsWith("CONFIG SET parameter value");
    }

    @Test
    void replies_nest_with_numbers() {
        Reply inner = new Reply.Array(List.of(new Reply.Bulk("a\"\u0001"), Reply.Null.ANY));
        List<Reply> ten = new ArrayList<>(List.of(inner));
        for (int i = 0; i < 9; i++) {
            ten.add(new Reply.Int(i));
        }
        assertThat(ReplyFormat.pretty(new Reply.Array(ten)))
                .startsWith(" 1) 1) \"a\\\"\\x01\"\n    2) (nil)\n 2) (integer) 0\n")
                .endsWith("\n10) (integer) 8");
        assertThat(ReplyFormat.raw(new Reply.Array(ten))).startsWith("a\"\u0001\n\n0\n1");
        assertThat(ReplyFormat.pretty(
                        new Reply.Map(List.of(new Reply.Pair(new Reply.Bulk("k"), new Reply.Decimal("1.5"))))))
                .isEqualTo("1# \"k\" => (double) 1.5");
    }

    @Test
    @Tag("oracle")
    void commands_print_what_redis_cli_prints() throws IOException {
        try (RedisServer server = RedisServer.start()) {
            String[][] commands = {
                {"SET", "k", "va\"lue"},
                {"GET", "k"},
                {"GET", "nosuch"},
                {"INCR", "k"},
                {"INCR", "n"},
                {"RPUSH", "l", "a", "", "\n"},
                {"LRANGE", "l", "0", "-1"},
                {"LRANGE", "nosuch", "0", "-1"},
                {"MGET", "k", "nosuch"},
                {"HSET", "h", "f", "v"},
                {"HGETALL", "h"},
                {"PING"}
            };
            for (String[] command : commands) {
                for (boolean terminal : new boolean[] {true, false}) {
                    List<String> words = new ArrayList<>(List.of("-p", "" + server.port()));
                    words.addAll(List.of(command));
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    PrintStream out = new PrintStream(bytes, true, StandardCharsets.ISO_8859_1);
                    assertThat(CliMain.run(out, terminal, words.toArray(String[]::new)))
                            .isZero();
                    String own = bytes.toString(StandardCharsets.ISO_8859_1);
                    if (!List.of("INCR", "RPUSH", "HSET").contains(command[0])) {
                        assertThat(own).isEqualTo(redisCli(server.port(), terminal, command));
                    }
                }
            }
        }
    }

    private static String redisCli(int port, boolean terminal, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
        words.add(terminal ? "--no-raw" : "--raw");
        words.addAll(List.of(command));
        return Program.run(words.toArray(String[]::new));
    }
}
