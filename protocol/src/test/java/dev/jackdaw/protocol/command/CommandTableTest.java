package dev.jackdaw.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandTableTest {
    private final CommandTable table = CommandTable.all();
    private final Request request = new Request();

    @Test
    void every_command_is_found_in_any_case() {
        Random random = new Random(7);
        for (Command command : table.commands()) {
            for (int round = 0; round < 20; round++) {
                String mixed = mixedCase(command.spec().name(), random);
                assertThat(find(mixed.split("\\|"))).as(mixed).isSameAs(command);
            }
        }
    }

    @Test
    void every_command_has_a_number_of_its_own() {
        Set<Integer> numbers = new HashSet<>();
        for (Command command : table.commands()) {
            assertThat(table.indexOf(command)).isBetween(0, table.size() - 1);
            assertThat(numbers.add(table.indexOf(command))).as(command.name()).isTrue();
        }
    }

    @Test
    void almost_a_name_is_no_name() {
        for (String name : List.of(
                "",
                "G",
                "GE",
                "GETT",
                "gex",
                "GET ",
                "G\0T",
                "INCRBYFLOAX",
                "PUNSUBSCRIBF",
                "GE\u00b4",
                "{et",
                "SETNX\0")) {
            assertThat(find(name)).as(name).isNull();
        }
    }

    @Test
    void find_agrees_with_a_plain_search() {
        Random random = new Random(11);
        List<Command> commands = table.topLevel();
        for (int round = 0; round < 20_000; round++) {
            byte[] name = commands.get(random.nextInt(commands.size())).name().getBytes(StandardCharsets.US_ASCII);
            name[random.nextInt(name.length)] = (byte) random.nextInt(256);
            request.set(name);
            String text = new String(name, StandardCharsets.ISO_8859_1);
            Command expected = commands.stream()
                    .filter(command -> asciiUpper(text).equals(command.name()))
                    .findFirst()
                    .orElse(null);
            assertThat(table.find(request)).as(text).isSameAs(expected);
        }
    }

    @Test
    void a_container_stands_for_a_missing_or_unknown_subcommand() {
        assertThat(find("client")).isSameAs(ConnectionCommand.CLIENT);
        assertThat(find("client", "foo")).isSameAs(ConnectionCommand.CLIENT);
        assertThat(refusal("client")).isEqualTo("ERR wrong number of arguments for 'client' command");
        assertThat(refusal("client", "foo")).isEqualTo("ERR unknown subcommand 'foo'. Try CLIENT HELP.");
        assertThat(refusal("config", "get")).isEqualTo("ERR wrong number of arguments for 'config|get' command");
        assertThat(refusal("command", "foo")).isEqualTo("ERR unknown subcommand 'foo'. Try COMMAND HELP.");
        assertThat(find("command").spec().accepts(1)).isTrue();
    }

    @Test
    void an_unknown_command_is_shown_with_its_first_arguments() {
        assertThat(refusal("foo", "a", "b")).isEqualTo("ERR unknown command 'foo', with args beginning with: 'a' 'b' ");
        assertThat(refusal("")).isEqualTo("ERR unknown command '', with args beginning with: ");
        String[] many = new String[1000];
        Arrays.fill(many, "x".repeat(1000));
        assertThat(refusal(many))
                .isEqualTo("ERR unknown command '" + "x".repeat(128) + "', with args beginning with: '"
                        + "x".repeat(128) + "' ");
    }

    @Test
    void every_row_is_consistent() {
        for (Command command : table.commands()) {
            CommandSpec spec = command.spec();
            String name = spec.name();
            assertThat(spec.since()).as(name).matches("\\d+\\.\\d+\\.\\d+");
            assertThat(spec.summary()).as(name).endsWith(".");
            assertThat(spec.arity()).as(name).isNotZero();
            assertThat(spec.has(Flag.WRITE) && spec.has(Flag.READONLY)).as(name).isFalse();
            // Redis says that it has channels where keys would be; without any it ends them all.
            if (!spec.keys().areMovable() && command != PubSubCommand.SUNSUBSCRIBE) {
                assertThat(Math.max(spec.keys().first(), spec.keys().last()))
                        .as(name)
                        .isLessThan(Math.abs(spec.arity()));
            }
            if (spec.route() instanceof Route.ByKey || spec.route() instanceof Route.SplitByKey) {
                // A channel of a shard is no key, but finds its node as one.
                assertThat(spec.keys().isEmpty() && spec.keys().first() == 0)
                        .as(name)
                        .isFalse();
            }
            assertThat(spec.isSubcommand()).as(name).isEqualTo(name.contains("|"));
            if (spec.isSubcommand()) {
                assertThat(table.named(name.substring(0, name.indexOf('|')))
                                .spec()
                                .isContainer())
                        .as(name)
                        .isTrue();
            }
        }
    }

    @Test
    void names_follow_from_the_constants() {
        assertThat(ConnectionCommand.CLIENT_NO_EVICT.spec().name()).isEqualTo("client|no-evict");
        assertThat(ConnectionCommand.CLIENT_NO_EVICT.spec().lastName()).isEqualTo("no-evict");
        assertThat(StringCommand.GET.spec().name()).isEqualTo("get");
    }

    private Command find(String... words) {
        request.set(bytes(words));
        return table.find(request);
    }

    private String refusal(String... words) {
        Command found = find(words);
        assertThat(found != null && found.spec().accepts(words.length)).isFalse();
        return table.refusal(found, request);
    }

    static byte[][] bytes(String... words) {
        List<byte[]> bytes = new ArrayList<>();
        for (String word : words) {
            bytes.add(word.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toArray(new byte[0][]);
    }

    private static String asciiUpper(String text) {
        StringBuilder upper = new StringBuilder();
        text.chars().forEach(c -> upper.append((char) (c >= 'a' && c <= 'z' ? c - 32 : c)));
        return upper.toString();
    }

    private static String mixedCase(String text, Random random) {
        StringBuilder mixed = new StringBuilder();
        text.chars().forEach(c -> mixed.append(random.nextBoolean() ? Character.toUpperCase((char) c) : (char) c));
        return mixed.toString();
    }
}
