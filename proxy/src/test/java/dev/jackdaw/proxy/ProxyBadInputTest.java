package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.server.net.BadInput;
import dev.jackdaw.server.net.BadInputTest;
import dev.jackdaw.server.net.RunningNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The nodes' table of bad input, through a proxy: the same replies, where the table does not say that the proxy's are others. */
class ProxyBadInputTest {
    private static final String RESET = "*1\r\n$5\r\nRESET\r\n";
    private static final String RESET_REPLY = "+RESET\r\n";
    private static final int MOST_PIECES = 500;

    @Test
    void each_case_sent_whole() {
        run((bad, port) -> BadInputTest.check(bad, new RawClient(port), "", "", BadInputTest.WHOLE));
    }

    @Test
    void each_case_in_pieces_between_good_commands() {
        run((bad, port) -> BadInputTest.check(
                bad, new RawClient(port), RESET, RESET_REPLY, 1 + bad.input().length() / MOST_PIECES));
    }

    private static void run(BiFunction<BadInput, Integer, String> check) {
        List<String> wrong = new ArrayList<>();
        BadInputTest.bySettings().forEach((settings, cases) -> {
            boolean password = settings.contains("--requirepass");
            try (RunningNode node = RunningNode.with(settings.toArray(String[]::new));
                    Proxy proxy = Proxy.start(options(node, password ? settings.getLast() : ""))) {
                List<BadInput> throughProxy = cases.stream()
                        .filter(bad -> !bad.onNode())
                        .map(BadInput::throughProxy)
                        .toList();
                BadInputTest.runAll(throughProxy, proxy.port(), bad -> check.apply(bad, proxy.port()), wrong);
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static ProxyOptions options(RunningNode node, String password) {
        return new ProxySettings()
                .password(password)
                .nodePassword(password)
                .to(List.of(new Node("127.0.0.1", node.port())));
    }
}
