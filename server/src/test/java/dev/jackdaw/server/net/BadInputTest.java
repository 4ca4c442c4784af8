package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every case of the table of bad input: sent whole, byte by byte, and between good commands; and whether the table is right. */
public class BadInputTest {
    /** What is good whatever came before it. */
    private static final String RESET = "*1\r\n$5\r\nRESET\r\n";

    private static final String RESET_REPLY = "+RESET\r\n";
    /** More bytes than any case has. */
    public static final int WHOLE = 1 << 30;

    private static final int MOST_PIECES = 2_000;

    RunningNode startNode(List<String> settings) {
        return RunningNode.with(settings.toArray(String[]::new));
    }

    RawClient connectTo(RunningNode node) {
        return node.raw();
    }

    @Test
    void each_case_sent_whole() {
        onNodes(node -> bad -> check(bad, connectTo(node), "", "", WHOLE));
    }

    @Test
    void each_case_sent_byte_by_byte() {
        onNodes(node ->
                bad -> check(bad, connectTo(node), "", "", 1 + bad.input().length() / MOST_PIECES));
    }

    @Test
    void each_case_between_good_commands() {
        onNodes(node -> bad -> check(bad, connectTo(node), RESET, RESET_REPLY, WHOLE));
    }

    @Test
    void each_case_byte_by_byte_between_good_commands() {
        onNodes(node -> bad ->
                check(bad, connectTo(node), RESET, RESET_REPLY, 1 + bad.input().length() / MOST_PIECES));
    }

    private void onNodes(Function<RunningNode, Function<BadInput, String>> check) {
        List<String> wrong = new ArrayList<>();
        bySettings().forEach((settings, cases) -> {
            try (RunningNode node = startNode(settings)) {
                runAll(cases, node.port(), check.apply(node), wrong);
            }
        });
        assertThat(wrong).isEmpty();
    }

    public static Map<List<String>, List<BadInput>> bySettings() {
        return BadInput.table().stream()
                .collect(Collectors.groupingBy(BadInput::settings, LinkedHashMap::new, Collectors.toList()));
    }

    /** Each case begins with no keys. */
    public static void runAll(List<BadInput> cases, int port, Function<BadInput, String> check, List<String> wrong) {
        try (RespConnection other = RespConnection.to(port)) {
            other.ask("AUTH", "s3cret");
            for (BadInput bad : cases) {
                other.ask("FLUSHALL");
                String found = check.apply(bad);
                if (!found.isEmpty()) {
                    wrong.add(found);
                }
            }
        }
    }

    /** Empty if the client got what the table says, else the case and what it got. */
    public static String check(BadInput bad, RawClient client, String good, String goodReply, int pieceBytes) {
        String input = good + bad.input() + good;
        // What follows the end of a connection goes along with the byte that ends it: a piece that is refused
        // later would make a TLS client drop the replies that it has not read yet.
        int last = bad.closed() ? input.length() - good.length() - 1 : input.length();
        try (client) {
            for (int begin = 0; begin < last; begin += pieceBytes) {
                client.send(input.substring(begin, Math.min(last, begin + pieceBytes)));
            }
            client.send(input.substring(last));
            if (!bad.closed()) {
                client.endOutput();
            }
            String found = client.receiveToEnd();
            return bad.accepts(goodReply, found, goodReply) ? "" : bad + "<- expected, found ->\n" + found;
        }
    }
}
