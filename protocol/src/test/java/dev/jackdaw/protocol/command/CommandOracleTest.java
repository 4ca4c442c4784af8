package dev.jackdaw.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COMMAND and what follows from the rows, beside a real redis-server. */
@Tag("oracle")
class CommandOracleTest {
    /** Taken over from later versions of Redis. */
    private static final Set<String> YOUNGER = Set.of(
            "client|setinfo",
            "client|no-touch",
            "hexpire",
            "hpexpire",
            "hexpireat",
            "hpexpireat",
            "httl",
            "hpttl",
            "hexpiretime",
            "hpexpiretime",
            "hpersist",
            "hgetdel",
            "hgetex",
            "hsetex",
            "msetex",
            "delex",
            "delifeq",
            "digest",
            "xdelex",
            "xackdel");

    /** Later versions of Redis have given these one more argument. */
    private static final Set<String> LONGER = Set.of("zrank", "zrevrank");

    /** What is not here yet, by what it waits for; docs/PROTOCOL.md has the same list. Containers stand for their subcommands. */
    private static final Set<String> MISSING = Set.of(
            // Scripts.
            "eval",
            "eval_ro",
            "evalsha",
            "evalsha_ro",
            "fcall",
            "fcall_ro",
            "function|delete",
            "function|dump",
            "function|kill",
            "function|load",
            "function|restore",
            "function|stats",
            "script|debug",
            "script|kill",
            "script|load",
            // Replication.
            "failover",
            "psync",
            "replicaof",
            "slaveof",
            // The cluster's own protocol.
            "asking",
            "cluster",
            "readonly",
            "readwrite",
            "restore-asking");

    /** Their arguments have another structure in COMMAND DOCS. */
    private static final Set<String> STRUCTURED_OTHERWISE = Set.of(
            // Redis does not say which operations there are, and of filters it leaves out what they are before 7.0.
            "bitop",
            "client|kill",
            // Redis does not say that these take arguments.
            "command|getkeys",
            "command|getkeysandflags",
            "debug",
            // Later versions have more options.
            "hscan",
            "set",
            "xadd",
            "xtrim",
            "zrank",
            "zrevrank",
            // Redis says that the key may be empty, and that either form of authentication may be left out.
            "migrate",
            // Redis has all arguments of the module behind one ARGS.
            "module|loadex",
            // Redis counts patterns as keys.
            "sort",
            "sort_ro");

    private static RedisServer redis;

    private final CommandTable table = CommandTable.all();
    private final CommandReplies replies = new CommandReplies(table);
    private final Request request = new Request();

    @BeforeAll
    static void startRedis() {
        assumeTrue(RedisServer.isInstalled());
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void every_row_is_as_in_command_info(int protocol) {
        try (RespConnection connection = connect(protocol)) {
            for (Command command : table.commands()) {
                String name = command.spec().name();
                if (!YOUNGER.contains(name) && !LONGER.contains(name)) {
                    Reply theirs = connection.ask("COMMAND", "INFO", name);
                    Reply ours = answer(protocol, "COMMAND", "INFO", name);
                    assertThat(comparable(ours)).as(name).isEqualTo(comparable(theirs));
                }
            }
        }
    }

    @Test
    void the_missing_commands_are_known() {
        Set<String> theirs = new TreeSet<>();
        try (RespConnection connection = connect(2)) {
            theirs.addAll(names(connection.ask("COMMAND", "LIST")));
            theirs.addAll(names(connection.ask("COMMAND", "LIST", "FILTERBY", "PATTERN", "*|*")));
        }
        theirs.removeIf(name -> MISSING.contains(name) || MISSING.contains(name.split("\\|")[0]));
        theirs.addAll(YOUNGER);
        Set<String> ours = table.commands().stream()
                .map(command -> command.spec().name())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ours).isEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void docs_have_the_facts_and_the_shape_of_redis(int protocol) {
        try (RespConnection connection = connect(protocol)) {
            for (Command command : table.commands()) {
                String name = command.spec().name();
                if (!YOUNGER.contains(name)) {
                    List<Reply> theirs = facts(connection.ask("COMMAND", "DOCS", name));
                    List<Reply> ours = facts(answer(protocol, "COMMAND", "DOCS", name));
                    for (String fact : List.of("since", "group", "deprecated_since")) {
                        assertThat(fact(ours, fact)).as(name + " " + fact).isEqualTo(fact(theirs, fact));
                    }
                    boolean same = structure(fact(ours, "arguments")).equals(structure(fact(theirs, "arguments")));
                    assertThat(same).as(name).isNotEqualTo(STRUCTURED_OTHERWISE.contains(name));
                    assertThat(fact(ours, "subcommands") == null).isEqualTo(fact(theirs, "subcommands") == null);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void keys_are_found_as_redis_finds_them(int protocol) {
        try (RespConnection connection = connect(protocol)) {
            for (List<String> words : calls()) {
                for (String subcommand : List.of("GETKEYS", "GETKEYSANDFLAGS")) {
                    List<String> question = new ArrayList<>(List.of("COMMAND", subcommand));
                    question.addAll(words);
                    String[] asked = question.toArray(new String[0]);
                    if (asked.length >= 4) {
                        assertThat(answer(protocol, asked))
                                .as(question.toString())
                                .isEqualTo(connection.ask(asked));
                    }
                }
            }
        }
    }

    @Test
    void what_does_not_accept_its_words_is_refused_alike() {
        try (RespConnection connection = connect(2)) {
            for (List<String> words : calls()) {
                request.set(CommandTableTest.bytes(words.toArray(new String[0])));
                Command found = table.find(request);
                if (found == null || !found.spec().accepts(words.size())) {
                    String refusal = table.refusal(found, request);
                    boolean aborts = found == TransactionCommand.EXEC;
                    assertThat(new Reply.Error(aborts ? CommandError.execAborted(refusal) : refusal))
                            .as(words.toString())
                            .isEqualTo(connection.ask(words.toArray(new String[0])));
                }
            }
        }
    }

    @Test
    void mistakes_in_command_itself_are_refused_alike() {
        try (RespConnection connection = connect(2)) {
            for (String line : List.of(
                    "COMMAND LIST x",
                    "COMMAND LIST FILTERBY",
                    "COMMAND LIST FILTERBY FOO x",
                    "COMMAND LIST FILTERBY MODULE x",
                    "COMMAND LIST FILTERBY ACLCAT nosuch",
                    "COMMAND LIST FILTERBY PATTERN SUBSC*",
                    "COMMAND INFO nosuch",
                    "COMMAND INFO get GET nosuch config|nosuch get|x",
                    "COMMAND DOCS nosuch config|nosuch",
                    "COMMAND GETKEYS nosuch a",
                    "COMMAND GETKEYS client nosuch",
                    "COMMAND GETKEYS ping a",
                    "COMMAND GETKEYS get a b")) {
                String[] words = line.split(" ");
                assertThat(answer(2, words)).as(line).isEqualTo(connection.ask(words));
            }
        }
    }

    /** Each row with no to six arguments; SET with GET; but no younger command. */
    private List<List<String>> calls() {
        List<List<String>> calls = new ArrayList<>();
        for (Command command : table.commands()) {
            if (!YOUNGER.contains(command.spec().name())
                    && !LONGER.contains(command.spec().name())) {
                List<String> name = Arrays.asList(command.spec().name().split("\\|"));
                for (int arguments = 0; arguments <= 6; arguments++) {
                    List<String> words = new ArrayList<>(name);
                    words.addAll(Collections.nCopies(arguments, "x"));
                    calls.add(words);
                }
            }
        }
        calls.add(List.of("set", "k", "v", "EX", "1", "get"));
        calls.add(List.of("sEt", "k", "v", "nx"));
        return calls;
    }

    private Reply answer(int protocol, String... words) {
        ByteBuf buffer = Unpooled.directBuffer();
        ReplyWriter out = new ReplyWriter();
        out.attach(buffer);
        out.protocol(protocol);
        request.set(CommandTableTest.bytes(words));
        try {
            switch ((ServerCommand) table.find(request)) {
                case COMMAND_LIST -> replies.list(request, out);
                case COMMAND_INFO -> replies.info(request, out);
                case COMMAND_DOCS -> replies.docs(request, out);
                case COMMAND_GETKEYS -> replies.keys(request, out);
                case COMMAND_GETKEYSANDFLAGS -> replies.keysAndFlags(request, out);
                default -> throw new AssertionError(words[1]);
            }
        } catch (Refusal refusal) {
            out.error(refusal.text());
        }
        Reply reply = Reply.read(out.detach());
        assertThat(buffer.isReadable()).isFalse();
        buffer.release();
        return reply;
    }

    private static RespConnection connect(int protocol) {
        RespConnection connection = redis.connect();
        connection.ask("HELLO", "" + protocol);
        return connection;
    }

    /** Without the texts of notes, and with those subcommands only that both have, by name. */
    private static Reply comparable(Reply reply) {
        return switch (reply) {
            case Reply.Array array -> new Reply.Array(withoutNotes(array.elements()));
            case Reply.Set set -> new Reply.Set(withoutNotes(set.elements()));
            case Reply.Map map ->
                new Reply.Map(map.pairs().stream()
                        .map(pair -> pair.key().equals(new Reply.Bulk("notes"))
                                ? new Reply.Pair(pair.key(), Reply.Null.ANY)
                                : new Reply.Pair(pair.key(), comparable(pair.value())))
                        .toList());
            default -> reply;
        };
    }

    private static List<Reply> withoutNotes(List<Reply> elements) {
        List<Reply> kept = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            boolean note = i > 0 && elements.get(i - 1).equals(new Reply.Bulk("notes"));
            String name = nameOfRow(elements.get(i));
            if (!YOUNGER.contains(name) && !MISSING.contains(name)) {
                kept.add(note ? Reply.Null.ANY : comparable(elements.get(i)));
            }
        }
        if (!kept.isEmpty() && !nameOfRow(kept.getFirst()).isEmpty()) {
            kept.sort(Comparator.comparing(CommandOracleTest::nameOfRow));
        }
        return kept;
    }

    /** The name of what looks like a row of COMMAND INFO, or nothing. */
    private static String nameOfRow(Reply reply) {
        return reply instanceof Reply.Array row
                        && row.elements().size() == 10
                        && row.elements().getFirst() instanceof Reply.Bulk name
                ? name.text()
                : "";
    }

    private static List<String> names(Reply reply) {
        return ((Reply.Array) reply)
                .elements().stream().map(name -> ((Reply.Bulk) name).text()).toList();
    }

    /** Keys and values in turn of what COMMAND DOCS says of the one command. */
    private static List<Reply> facts(Reply docs) {
        return flat(flat(docs).get(1));
    }

    private static List<Reply> flat(Reply reply) {
        return reply instanceof Reply.Map map
                ? map.pairs().stream()
                        .flatMap(pair -> List.of(pair.key(), pair.value()).stream())
                        .toList()
                : ((Reply.Array) reply).elements();
    }

    /** Types, tokens, flags and keys of arguments, without their names. */
    private static String structure(Reply arguments) {
        StringBuilder text = new StringBuilder();
        if (arguments != null) {
            for (Reply argument : ((Reply.Array) arguments).elements()) {
                List<Reply> facts = flat(argument);
                for (String name : List.of("type", "token", "key_spec_index")) {
                    text.append(fact(facts, name)).append(' ');
                }
                text.append(flags(fact(facts, "flags")));
                text.append('(').append(structure(fact(facts, "arguments"))).append(')');
            }
        }
        return text.toString();
    }

    private static Set<String> flags(Reply flags) {
        List<Reply> all = switch (flags) {
            case Reply.Set set -> set.elements();
            case Reply.Array array -> array.elements();
            case null, default -> List.of();
        };
        return all.stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Reply fact(List<Reply> facts, String name) {
        for (int i = 0; i < facts.size(); i += 2) {
            if (facts.get(i).equals(new Reply.Bulk(name))) {
                return facts.get(i + 1);
            }
        }
        return null;
    }
}
