package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SLOWLOG, LATENCY, MONITOR: what a node tells about the commands that it runs. */
class ObservingCommandTest {
    private final TestNode node = TestNode.with("--enable-debug-command", "yes");

    @AfterEach
    void close() {
        node.close();
    }

    private static List<Reply> elements(Reply reply) {
        return ((Reply.Array) reply).elements();
    }

    private static List<String> texts(Reply reply) {
        return elements(reply).stream().map(ObservingCommandTest::text).toList();
    }

    private static String text(Reply reply) {
        return reply instanceof Reply.Bulk bulk ? bulk.text() : ((Reply.Simple) reply).text();
    }

    // --- SLOWLOG ---

    @Test
    void slow_commands_are_remembered_with_who_sent_them() {
        node.run("CLIENT", "SETNAME", "tester");
        node.run("DEBUG", "SLEEP", "0.009");
        assertThat(node.run("SLOWLOG", "LEN")).isEqualTo(new Reply.Int(0));
        node.run("DEBUG", "SLEEP", "0.02");
        node.run("DEBUG", "SLEEP", "0.01");
        List<Reply> entries = elements(node.run("SLOWLOG", "GET"));
        assertThat(entries).hasSize(2);
        List<Reply> oldest = elements(entries.getLast());
        assertThat(oldest.get(0)).isEqualTo(new Reply.Int(0));
        assertThat(oldest.get(2)).isEqualTo(new Reply.Int(20_000));
        assertThat(texts(oldest.get(3))).containsExactly("DEBUG", "SLEEP", "0.02");
        assertThat(oldest.get(4)).isEqualTo(new Reply.Bulk("127.0.0.1:50000"));
        assertThat(oldest.get(5)).isEqualTo(new Reply.Bulk("tester"));
        assertThat(elements(node.run("SLOWLOG", "GET", "1"))).hasSize(1);
        assertThat(elements(node.run("SLOWLOG", "GET", "-1"))).hasSize(2);
        node.run("SLOWLOG", "RESET");
        assertThat(node.run("SLOWLOG", "LEN")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void the_slow_log_is_as_long_as_it_may_be() {
        node.run("CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "3");
        for (int i = 0; i < 10; i++) {
            node.run("SET", "k", "" + i);
        }
        List<Reply> entries = elements(node.run("SLOWLOG", "GET"));
        assertThat(entries).hasSize(3);
        assertThat(texts(elements(entries.getFirst()).get(3))).containsExactly("SET", "k", "9");
        node.run("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        node.run("SLOWLOG", "RESET");
        node.run("DEBUG", "SLEEP", "5");
        assertThat(node.run("SLOWLOG", "LEN")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void long_words_and_many_words_are_cut() {
        node.run("CONFIG", "SET", "slowlog-log-slower-than", "0");
        String[] words = new String[40];
        words[0] = "SADD";
        for (int i = 1; i < words.length; i++) {
            words[i] = "m" + i;
        }
        words[2] = "x".repeat(200);
        node.run(words);
        List<String> shown =
                texts(elements(elements(node.run("SLOWLOG", "GET")).getFirst()).get(3));
        assertThat(shown).hasSize(32).endsWith("m30", "... (9 more arguments)");
        assertThat(shown.get(2)).isEqualTo("x".repeat(128) + "... (72 more bytes)");
    }

    @Test
    void passwords_are_not_shown() {
        node.run("CONFIG", "SET", "slowlog-log-slower-than", "0");
        node.run("AUTH", "default", "secret");
        node.run("HELLO", "2", "AUTH", "default", "secret");
        node.run("CONFIG", "SET", "requirepass", "secret", "maxmemory", "0");
        assertThat(node.run("SLOWLOG", "GET").toString()).contains("(redacted)").doesNotContain("secret");
    }

    // --- LATENCY ---

    @Test
    void work_that_took_long_is_known_by_its_kind() {
        node.run("DEBUG", "SLEEP", "1");
        assertThat(elements(node.run("LATENCY", "LATEST"))).isEmpty();
        node.run("CONFIG", "SET", "latency-monitor-threshold", "100");
        node.run("DEBUG", "SLEEP", "0.099");
        node.run("DEBUG", "SLEEP", "0.3");
        node.advance(5_000);
        node.run("DEBUG", "SLEEP", "0.2");
        List<Reply> latest = elements(elements(node.run("LATENCY", "LATEST")).getFirst());
        assertThat(latest.get(0)).isEqualTo(new Reply.Bulk("command"));
        assertThat(latest.subList(2, 4)).containsExactly(new Reply.Int(200), new Reply.Int(300));
        List<Reply> history = elements(node.run("LATENCY", "HISTORY", "command"));
        assertThat(history)
                .extracting(each -> elements(each).getLast())
                .containsExactly(new Reply.Int(300), new Reply.Int(200));
        assertThat(text(node.run("LATENCY", "GRAPH", "command")))
                .startsWith("command - high 300 ms, low 200 ms (all time high 300 ms)\n");
        assertThat(text(node.run("LATENCY", "DOCTOR"))).contains("command: 2 samples, 250.0 ms on average");
        assertThat(node.run("LATENCY", "RESET", "nothing", "command")).isEqualTo(new Reply.Int(1));
        assertThat(elements(node.run("LATENCY", "HISTORY", "command"))).isEmpty();
    }

    @Test
    void of_one_second_the_longest_is_kept() {
        node.run("CONFIG", "SET", "latency-monitor-threshold", "1");
        for (String seconds : new String[] {"0.005", "0.009", "0.002"}) {
            node.run("DEBUG", "SLEEP", seconds);
        }
        List<Reply> history = elements(node.run("LATENCY", "HISTORY", "command"));
        assertThat(history).hasSize(1);
        assertThat(elements(history.getFirst()).getLast()).isEqualTo(new Reply.Int(9));
    }

    @Test
    void histograms_count_calls_by_how_long_they_took() {
        for (String seconds : new String[] {"0.001", "0.001", "0.1"}) {
            node.run("DEBUG", "SLEEP", seconds);
        }
        node.run("SET", "k", "v");
        node.run("CONFIG", "GET", "port");
        assertThat(elements(node.run("LATENCY", "HISTOGRAM", "debug", "nosuch", "config"))
                        .toString())
                .isEqualTo(List.of(
                                bulk("debug"),
                                array(
                                        bulk("calls"),
                                        number(3),
                                        bulk("histogram_usec"),
                                        array(number(1_056), number(2), number(135_266), number(3))),
                                bulk("config|get"),
                                array(bulk("calls"), number(1), bulk("histogram_usec"), array(number(1), number(1))))
                        .toString());
        assertThat(text(node.run("INFO", "latencystats")))
                .contains("latency_percentiles_usec_debug:p50=1015.807,p99=100663.295,p99.9=100663.295\r\n");
        node.run("CONFIG", "SET", "latency-tracking-info-percentiles", "100 0.50");
        assertThat(text(node.run("INFO", "latencystats"))).contains("debug:p100=100663.295,p0.5=1015.807\r\n");
        node.run("CONFIG", "RESETSTAT");
        assertThat(text(node.run("INFO", "latencystats"))).doesNotContain("debug");
        node.run("CONFIG", "SET", "latency-tracking", "no");
        assertThat(text(node.run("INFO", "latencystats"))).isEqualTo("# Latencystats\r\n");
    }

    @Test
    void resetstat_counts_its_own_call() {
        node.run("PING");
        node.run("CONFIG", "RESETSTAT");
        assertThat(text(node.run("INFO", "commandstats")))
                .contains("cmdstat_config|resetstat:calls=1,")
                .doesNotContain("ping");
    }

    // --- MONITOR ---

    @Test
    void who_monitors_is_told_of_the_commands_of_others() {
        TestNode.Client monitor = node.connect();
        assertThat(monitor.run("MONITOR")).isEqualTo(new Reply.Simple("OK"));
        node.run("SET", "k", "a\"b\\\r\n\t\u00ff");
        node.run("GET");
        node.run("LPUSH", "k", "refused");
        node.run("CONFIG", "GET", "port");
        node.run("AUTH", "secret");
        List<String> lines =
                monitor.received().stream().map(ObservingCommandTest::text).toList();
        assertThat(monitor.runAll("PING")).containsExactly(new Reply.Simple("PONG"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .matches("[0-9]+\\.[0-9]{6} \\[0 127\\.0\\.0\\.1:50000] .*")
                .endsWith("] \"SET\" \"k\" \"a\\\"b\\\\\\r\\n\\t\\xff\"");
        assertThat(lines.get(1)).endsWith("] \"LPUSH\" \"k\" \"refused\"");
        assertThat(lines.get(2)).endsWith("] \"AUTH\" \"(redacted)\"");
        assertThat(text(node.run("CLIENT", "LIST"))).containsPattern("flags=O db=0 .*cmd=ping");
        monitor.run("RESET");
        node.run("PING");
        assertThat(monitor.received()).isEmpty();
    }

    @Test
    void commands_of_a_transaction_are_told_when_they_run() {
        TestNode.Client monitor = node.connect();
        monitor.run("MONITOR");
        node.run("MULTI");
        node.run("SET", "k", "v");
        node.run("EXEC");
        assertThat(monitor.received())
                .extracting(line -> text(line).replaceFirst(".*] ", ""))
                .containsExactly("\"MULTI\"", "\"SET\" \"k\" \"v\"", "\"EXEC\"");
    }

    @Test
    void a_long_command_is_told_in_part() {
        TestNode.Client monitor = node.connect();
        monitor.run("MONITOR");
        node.run("SET", "k", "v".repeat(100_000), "EX", "10");
        String line = text(monitor.received().getFirst());
        assertThat(line).hasSizeLessThan(70_000).endsWith("v... (34464 more bytes)\" ... (2 more arguments)");
    }

    // --- The rest ---

    @Test
    void keys_that_are_asked_for_most_are_known() {
        node.run("SELECT", "2");
        for (int i = 0; i < 100_000; i++) {
            node.run("GET", i % 10 < 3 ? "hot \"1\"" : i % 10 == 3 ? "warm" : "cold:" + i);
        }
        List<String> lines = text(node.run("INFO", "hotkeys")).lines().toList();
        assertThat(lines).hasSize(3).startsWith("# Hotkeys");
        assertThat(lines.get(1)).matches("hotkey_1:db=2,share=0\\.[23].,key=\"hot .\"1.\"\"");
        assertThat(lines.get(2)).matches("hotkey_2:db=2,share=0\\.[01].,key=\"warm\"");
        assertThat(text(node.run("INFO"))).doesNotContain("hotkey");
        node.run("CONFIG", "RESETSTAT");
        assertThat(text(node.run("INFO", "hotkeys"))).isEqualTo("# Hotkeys\r\n");
    }

    @Test
    void debug_object_and_its_like() {
        node.run("RPUSH", "l", "a");
        node.advance(3_000);
        assertThat(text(node.run("DEBUG", "OBJECT", "l")))
                .matches("Value at:0x[0-9a-f]+ refcount:1 encoding:quicklist serializedlength:[0-9]+ lru:[0-9]+ "
                        + "lru_seconds_idle:[0-9]+");
        assertThat(node.run("DEBUG", "OBJECT", "none")).isEqualTo(new Reply.Error("ERR no such key"));
        assertThat(node.run("DEBUG", "STRINGMATCH-LEN", "1000", "A*A")).isEqualTo(number(1));
    }

    @Test
    void role_and_lolwut() {
        assertThat(node.run("ROLE")).isEqualTo(array(bulk("master"), number(0), array()));
        assertThat(text(node.run("LOLWUT"))).contains("Redis ver. 7.0.15\n");
    }
}
