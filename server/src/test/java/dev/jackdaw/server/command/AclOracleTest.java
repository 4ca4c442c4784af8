package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.command.Category;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Users beside a real redis-server: the same rules, the same refusals. {@code -Doracle.seed} makes another run, {@code
 * -Doracle.users} makes it longer.
 */
@Tag("oracle")
class AclOracleTest {
    private static final int USERS = Integer.getInteger("oracle.users", 150);
    private static final int COMMANDS_OF_A_USER = 60;
    private static final Set<Family> FAMILIES = EnumSet.of(
            Family.STRING, Family.BITMAP, Family.KEY, Family.LIST, Family.SET, Family.HASH, Family.SORTED_SET);
    private static final List<String> KEYS =
            List.of("~s*", "~l*", "%R~t*", "%W~h?", "%RW~z*", "%R~s1", "%W~*", "~*", "~[st]*", "allkeys", "resetkeys");
    private static final List<String> CHANNELS = List.of("&c*", "&d", "&e?", "allchannels", "resetchannels", "&*");
    private static final List<String> OTHERS = List.of(
            "+select|1",
            "+select|0",
            "+config|get",
            "-config|set",
            "+client",
            "-client|kill",
            "+memory|usage",
            "+@all",
            "-@all",
            "allcommands",
            "nocommands",
            "reset",
            "+nosuch",
            "~",
            "%",
            "%X~a",
            "+@",
            "foo",
            "(~s* +get)",
            "(%R~s* +@read)",
            "(+@all %W~h* &d)",
            "(~* +@write -set)",
            "clearselectors",
            "(bad)",
            "(~a",
            "nopass",
            "resetpass",
            ">secret",
            "<secret",
            "#12",
            "",
            "on",
            "off",
            "sanitize-payload");

    private static RedisServer redis;
    private static List<String> redisCommands;

    private final long seed = Long.getLong("oracle.seed", 1);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<String> different = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        assumeTrue(RedisServer.isInstalled());
        redis = RedisServer.start();
        try (RespConnection connection = redis.connect()) {
            redisCommands = ((Reply.Array) connection.ask("COMMAND", "LIST"))
                    .elements().stream()
                            .map(name -> ((Reply.Bulk) name).text())
                            .sorted()
                            .toList();
        }
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void rules_and_their_errors() {
        same(
                "ACL",
                "ACL FOO",
                "ACL CAT",
                "ACL CAT foo",
                "ACL CAT a b",
                "ACL GENPASS 0",
                "ACL GENPASS 4097",
                "ACL GENPASS -1",
                "ACL GENPASS x",
                "ACL GENPASS 1 2",
                "ACL SAVE",
                "ACL LOAD",
                "ACL WHOAMI",
                "ACL LOG x",
                "ACL LOG 1 2",
                "ACL LOG RESET",
                "ACL LOG -1",
                "ACL GETUSER nobody",
                "ACL DELUSER default",
                "ACL DELUSER a b c",
                "ACL SETUSER a\0b",
                "ACL SETUSER a\tb",
                "ACL SETUSER a on +get ~a",
                "ACL SETUSER a (~b +set )",
                "ACL SETUSER a (~b +set",
                "ACL SETUSER a (+set|x +set|X +SET|y)",
                "ACL SETUSER a +config|nosuch",
                "ACL SETUSER a +config|get|x",
                "ACL SETUSER a +get|",
                "ACL SETUSER a -select|1",
                "ACL SETUSER a +",
                "ACL SETUSER a %RR~x",
                "ACL SETUSER a %R",
                "ACL SETUSER a %~x",
                "ACL SETUSER a ~x\0y",
                "ACL SETUSER a +x\0y",
                "ACL SETUSER a ) on",
                "ACL SETUSER a () on",
                "ACL SETUSER a #" + "A".repeat(64),
                "ACL SETUSER a #" + "a".repeat(64),
                "ACL SETUSER a !" + "b".repeat(64),
                "ACL SETUSER a allkeys ~a",
                "ACL SETUSER a allchannels &a",
                "ACL SETUSER a skip-sanitize-payload",
                "ACL USERS",
                "ACL LIST",
                "ACL GETUSER a",
                "HELLO 3",
                "ACL GETUSER a",
                "ACL GETUSER nobody",
                "ACL DRYRUN nobody GET k",
                "ACL DRYRUN a nosuch",
                "ACL DRYRUN a GET",
                "ACL DRYRUN a CONFIG",
                "ACL DRYRUN a CONFIG nosuch",
                "ACL DRYRUN a GET k",
                "ACL DRYRUN a DEL k",
                "ACL DRYRUN a AUTH x",
                "ACL DRYRUN a",
                "ACL SETUSER a reset +@all ~a &b",
                "ACL DRYRUN a GET k",
                "ACL DRYRUN a PUBLISH c m",
                "ACL DRYRUN a SUBSCRIBE b c",
                "ACL DRYRUN a PSUBSCRIBE b*",
                "ACL DELUSER a a");
    }

    @Test
    void a_restricted_user() {
        same(
                "ACL SETUSER r on >p +get +set +mget +publish +subscribe +psubscribe +acl|whoami +config|get +select|1",
                "ACL SETUSER r %R~r* %W~w* &ch* +sort +lpush ~l",
                "AUTH r p",
                "ACL WHOAMI",
                "GET x",
                "GET r1",
                "SET r1 x",
                "SET w1 x",
                "SET w1 x GET",
                "MGET r1 x",
                "DEL r1",
                "CONFIG SET x y",
                "CONFIG FOO",
                "NOSUCH",
                "GET",
                "PUBLISH foo x",
                "PUBLISH ch1 x",
                "SUBSCRIBE foo",
                "PSUBSCRIBE chx*",
                "SELECT 0",
                "SELECT 1",
                "LPUSH l 1 2",
                "SORT l BY nosort",
                "SORT l BY w*",
                "SORT l GET r*",
                "SORT l GET #",
                "DEBUG OBJECT x",
                "AUTH r q",
                "AUTH nobody p",
                "AUTH p",
                "CLIENT GETNAME",
                "AUTH default x",
                "CLIENT KILL USER nobody",
                "FLUSHALL");
    }

    private void same(String... calls) {
        try (TestNode node = new TestNode();
                RespConnection connection = redis.connect()) {
            connection.ask("ACL", "DELUSER", "a", "r", "bob");
            for (String call : calls) {
                String[] words = call.split(" ", -1);
                compare(call, node.client().run(words), connection.ask(words));
            }
        }
        assertThat(different).isEmpty();
    }

    private void compare(String call, Reply ours, Reply theirs) {
        if (!call.startsWith("HELLO") && !text(ours).equals(text(theirs))) {
            different.add(call + "\n  ours:   " + text(ours) + "\n  theirs: " + text(theirs));
        }
    }

    /** In Redis the order of single commands among the rules is that of a hash table. */
    private static String text(Reply reply) {
        String text = String.valueOf(reply);
        int rules = text.indexOf("-@all");
        return rules < 0 && !text.contains("+@all") ? text : words(text);
    }

    private static String words(String text) {
        Set<String> words = new TreeSet<>(Arrays.asList(text.split("[ \\[\\](),]+")));
        words.removeIf(word -> isNewer(word.substring(Math.min(1, word.length()))));
        return words.toString();
    }

    private static boolean isNewer(String name) {
        return CommandTable.all().named(name) != null && !redisCommands.contains(name);
    }

    @Test
    void random_rules_lead_to_the_same_users() {
        System.out.println("oracle: -Doracle.seed=" + seed);
        RandomCommands commands = new RandomCommands(
                CommandTable.all().commands().stream()
                        .filter(row -> FAMILIES.contains(row.family())
                                && !row.spec().has(Flag.BLOCKING)
                                && !RandomCommands.isYounger(row))
                        .toList(),
                seed,
                System.nanoTime() / 1_000_000);
        try (TestNode node = new TestNode();
                RespConnection admin = redis.connect()) {
            admin.ask("ACL", "DELUSER", "a", "r", "bob");
            for (int i = 0; i < USERS && different.size() < 10; i++) {
                setRules(node, admin);
                use(commands, node);
            }
        }
        assertThat(different).as("seed " + seed).isEmpty();
    }

    private void setRules(TestNode node, RespConnection admin) {
        List<String> call = new ArrayList<>(List.of("ACL", "SETUSER", "bob", "reset"));
        for (int rules = random.nextInt(8); rules >= 0; rules--) {
            call.add(rule());
        }
        String[] words = call.toArray(String[]::new);
        compare(call.toString(), node.run(words), admin.ask(words));
        compare(call + ", GETUSER", node.run("ACL", "GETUSER", "bob"), admin.ask("ACL", "GETUSER", "bob"));
        compare(call + ", LIST", node.run("ACL", "LIST"), admin.ask("ACL", "LIST"));
        node.run("ACL", "SETUSER", "bob", "on", ">p");
        admin.ask("ACL", "SETUSER", "bob", "on", ">p");
    }

    private String rule() {
        String sign = random.nextInt(3) == 0 ? "-" : "+";
        return switch (random.nextInt(5)) {
            case 0 -> sign + "@" + pick(List.of(Category.values())).name().toLowerCase(Locale.ROOT);
            case 1 -> sign + pick(redisCommands);
            case 2 -> pick(KEYS);
            case 3 -> pick(CHANNELS);
            default -> pick(OTHERS);
        };
    }

    /** What the user is refused must be refused by both, in the same words. */
    private void use(RandomCommands commands, TestNode node) {
        TestNode.Client ours = node.connect();
        try (RespConnection theirs = redis.connect()) {
            ours.run("AUTH", "bob", "p");
            theirs.ask("AUTH", "bob", "p");
            for (int i = 0; i < COMMANDS_OF_A_USER; i++) {
                List<String> made = i % 10 == 0
                        ? List.of("PUBLISH", pick(List.of("c1", "d", "e", "ef")), "m")
                        : commands.next().words();
                String[] words = made.toArray(String[]::new);
                String mine = String.valueOf(ours.run(words));
                String other = String.valueOf(theirs.ask(words));
                // Redis finds keys by numbers that it then refuses, as +1 and 01.
                boolean oddNumber =
                        made.stream().anyMatch(word -> word.matches("[+ ].*[0-9].*|[0-9]+[^0-9].*|0[0-9]+"));
                if (!oddNumber && !mine.equals(other) && (isDenial(mine) || isDenial(other))) {
                    different.add(made + "\n  ours:   " + mine + "\n  theirs: " + other + "\n"
                            + ((Reply.Array) node.run("ACL", "LIST")).elements());
                }
            }
        }
    }

    private static boolean isDenial(String reply) {
        return reply.contains("NOPERM") || reply.contains("ACL permissions");
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @Test
    void rules_may_name_every_command_of_redis() {
        List<String> unknown = new ArrayList<>();
        try (TestNode node = new TestNode()) {
            for (String name : redisCommands) {
                String rule = "+" + name;
                if (node.run("ACL", "SETUSER", "bob", rule) instanceof Reply.Error) {
                    unknown.add(rule);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void categories_are_those_of_redis() {
        try (TestNode node = new TestNode();
                RespConnection connection = redis.connect()) {
            for (Category category : Category.values()) {
                Set<Reply> theirs =
                        Set.copyOf(((Reply.Array) connection.ask("ACL", "CAT", category.wireName())).elements());
                List<Reply> ours = ((Reply.Array) node.run("ACL", "CAT", category.wireName())).elements();
                assertThat(ours)
                        .filteredOn(name -> isOfOracle(connection, name))
                        .as(category.wireName())
                        .allMatch(theirs::contains);
            }
        }
    }

    private static boolean isOfOracle(RespConnection connection, Reply name) {
        Reply info = connection.ask("COMMAND", "INFO", ((Reply.Bulk) name).text());
        return !(((Reply.Array) info).elements().getFirst() instanceof Reply.Null);
    }
}
