package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users: what becomes of their clients, the log, the file. What rules mean is compared with Redis in {@link AclOracleTest}. */
class AclCommandTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final String DENIED_KEY = CommandError.NO_PERMISSION_KEY;

    private final TestNode node = new TestNode();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        node.close();
    }

    private TestNode.Client bob(String... rules) {
        setUser(rules);
        TestNode.Client client = node.connect();
        assertThat(client.run("AUTH", "bob", "secret")).isEqualTo(OK);
        return client;
    }

    private void setUser(String... rules) {
        String[] words = new String[rules.length + 5];
        System.arraycopy(new String[] {"ACL", "SETUSER", "bob", "on", ">secret"}, 0, words, 0, 5);
        System.arraycopy(rules, 0, words, 5, rules.length);
        assertThat(node.run(words)).isEqualTo(OK);
    }

    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Error error -> error.text();
            default -> reply.toString();
        };
    }

    private String list() {
        return ((Reply.Array) node.run("ACL", "LIST"))
                .elements().stream().map(AclCommandTest::text).toList().toString();
    }

    // --- Clients ---

    @Test
    void rules_that_change_hold_for_clients_that_are_there() {
        TestNode.Client client = bob("~a*", "+get", "+set");
        assertThat(client.run("SET", "a1", "v")).isEqualTo(OK);
        setUser("-set");
        assertThat(text(client.run("SET", "a1", "v"))).isEqualTo(CommandError.noPermission("set"));
        setUser("resetkeys", "~b*");
        assertThat(text(client.run("GET", "a1"))).isEqualTo(DENIED_KEY);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void a_mistake_in_one_rule_changes_nothing() {
        setUser("~a*", "+get");
        String before = list();
        assertThat(node.run("ACL", "SETUSER", "bob", "+@all", "allkeys", "nonsense"))
                .isInstanceOf(Reply.Error.class);
        assertThat(node.run("ACL", "SETUSER", "new", "nonsense")).isInstanceOf(Reply.Error.class);
        assertThat(list()).isEqualTo(before);
    }

    @Test
    void clients_of_a_deleted_user_are_closed() {
        TestNode.Client client = bob("+@all");
        TestNode.Client other = node.connect();
        assertThat(node.run("ACL", "DELUSER", "bob", "nobody")).isEqualTo(new Reply.Int(1));
        assertThat(client.isClosed()).isTrue();
        assertThat(other.isClosed()).isFalse();
        assertThat(text(other.run("AUTH", "bob", "secret"))).isEqualTo(CommandError.WRONG_PASSWORD);
    }

    @Test
    void who_deletes_itself_gets_the_reply_first() {
        TestNode.Client client = bob("+@all");
        assertThat(client.run("ACL", "DELUSER", "bob")).isEqualTo(new Reply.Int(1));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void listeners_are_closed_when_they_lose_their_channel() {
        TestNode.Client toA = bob("+subscribe", "&a*", "&b*");
        TestNode.Client toB = bob();
        TestNode.Client toPattern = bob("+psubscribe");
        toA.run("SUBSCRIBE", "a1");
        toB.run("SUBSCRIBE", "b1");
        toPattern.run("PSUBSCRIBE", "b*");
        setUser("&c*");
        assertThat(List.of(toA.isClosed(), toB.isClosed(), toPattern.isClosed()))
                .containsOnly(false);
        setUser("resetchannels", "&a*", "&b1");
        assertThat(toA.isClosed()).isFalse();
        assertThat(toB.isClosed()).isFalse();
        assertThat(toPattern.isClosed()).isTrue();
        setUser("resetchannels", "(&b*)");
        assertThat(toA.isClosed()).isTrue();
        assertThat(toB.isClosed()).isFalse();
    }

    @Test
    void a_disabled_user_stays_but_cannot_come_again() {
        TestNode.Client client = bob("+ping");
        setUser("off");
        assertThat(client.run("PING")).isEqualTo(new Reply.Simple("PONG"));
        assertThat(text(client.run("AUTH", "bob", "secret"))).isEqualTo(CommandError.WRONG_PASSWORD);
        assertThat(client.run("PING")).isEqualTo(new Reply.Simple("PONG"));
    }

    @Test
    void reset_makes_a_client_the_default_user_again() {
        TestNode.Client client = bob("+acl|whoami");
        assertThat(text(client.run("ACL", "WHOAMI"))).isEqualTo("bob");
        client.run("RESET");
        assertThat(text(client.run("ACL", "WHOAMI"))).isEqualTo("default");
        client.run("HELLO", "3", "AUTH", "bob", "secret");
        assertThat(text(client.run("ACL", "WHOAMI"))).isEqualTo("bob");
    }

    @Test
    void client_list_and_kill_know_users() {
        TestNode.Client client = bob("+@all");
        assertThat(client.run("CLIENT", "INFO").toString()).contains(" user=bob ");
        assertThat(node.run("CLIENT", "KILL", "USER", "bob")).isEqualTo(new Reply.Int(1));
        assertThat(client.isClosed()).isTrue();
    }

    // --- Transactions ---

    @Test
    void a_command_that_may_not_be_queued_spoils_the_transaction() {
        TestNode.Client client = bob("~a", "+get", "+multi", "+exec");
        client.run("MULTI");
        assertThat(text(client.run("GET", "b"))).isEqualTo(DENIED_KEY);
        assertThat(text(client.run("EXEC"))).isEqualTo(CommandError.EXEC_ABORTED);
        assertThat(entry(0)).contains(pair("context", new Reply.Bulk("multi")));
    }

    @Test
    void rules_that_change_hold_for_queued_commands() {
        TestNode.Client client = bob("~*", "+get", "+set", "+publish", "&*", "+multi", "+exec");
        client.run("MULTI");
        client.run("SET", "b", "v");
        client.run("GET", "b");
        client.run("GET", "a");
        client.run("PUBLISH", "c", "m");
        setUser("-set", "resetkeys", "~a", "resetchannels");
        assertThat(client.run("EXEC"))
                .isEqualTo(new Reply.Array(List.of(
                        new Reply.Error(CommandError.NO_LONGER_COMMAND),
                        new Reply.Error(CommandError.NO_LONGER_KEY),
                        Reply.Null.BULK,
                        new Reply.Error(CommandError.NO_LONGER_CHANNEL))));
    }

    @Test
    void who_may_not_exec_ends_the_transaction() {
        TestNode.Client client = bob("+multi", "+ping", "+discard");
        client.run("MULTI");
        client.run("PING");
        assertThat(text(client.run("EXEC"))).isEqualTo(CommandError.execAborted(CommandError.noPermission("exec")));
        assertThat(text(client.run("DISCARD"))).isEqualTo(CommandError.DISCARD_WITHOUT_MULTI);
    }

    // --- The default user ---

    @Test
    void the_default_user_needs_a_password_once_it_has_one() {
        TestNode.Client before = node.connect();
        node.run("ACL", "SETUSER", "default", ">p");
        TestNode.Client after = node.connect();
        assertThat(before.run("PING")).isEqualTo(new Reply.Simple("PONG"));
        assertThat(text(after.run("PING"))).isEqualTo(CommandError.NO_AUTH);
        assertThat(after.run("AUTH", "p")).isEqualTo(OK);
        TestNode.Client later = node.connect();
        node.run("ACL", "SETUSER", "default", "nopass");
        assertThat(later.run("PING")).isEqualTo(new Reply.Simple("PONG"));
    }

    @Test
    void requirepass_is_the_password_of_the_default_user() {
        node.run("CONFIG", "SET", "requirepass", "p");
        assertThat(text(node.connect().run("PING"))).isEqualTo(CommandError.NO_AUTH);
        assertThat(list())
                .contains("user default on #148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940 ");
        node.run("CONFIG", "SET", "requirepass", "");
        assertThat(list()).contains("user default on nopass ");
    }

    @Test
    void who_is_off_lets_nobody_in() {
        node.run("ACL", "SETUSER", "default", "off");
        TestNode.Client client = node.connect();
        assertThat(text(client.run("PING"))).isEqualTo(CommandError.NO_AUTH);
        assertThat(text(client.run("AUTH", "default", "x"))).isEqualTo(CommandError.WRONG_PASSWORD);
    }

    // --- The log ---

    private List<Reply.Pair> entry(int i) {
        node.client().session().protocol(3);
        return ((Reply.Map) ((Reply.Array) node.run("ACL", "LOG")).elements().get(i)).pairs();
    }

    private static Reply.Pair pair(String name, Reply value) {
        return new Reply.Pair(new Reply.Bulk(name), value);
    }

    @Test
    void denials_are_logged_and_the_same_within_a_minute_once() {
        TestNode.Client client = bob("+get", "~a", "+publish", "resetchannels");
        client.run("GET", "b");
        client.run("DEL", "a");
        node.advance(2_500);
        client.run("GET", "b");
        client.run("PUBLISH", "c", "m");
        client.run("AUTH", "eve", "x");
        assertThat(entry(0))
                .contains(
                        pair("reason", new Reply.Bulk("auth")),
                        pair("object", new Reply.Bulk("AUTH")),
                        pair("username", new Reply.Bulk("eve")));
        assertThat(entry(1)).contains(pair("reason", new Reply.Bulk("channel")), pair("object", new Reply.Bulk("c")));
        assertThat(entry(2))
                .contains(
                        pair("count", new Reply.Int(2)), pair("reason", new Reply.Bulk("key")),
                        pair("context", new Reply.Bulk("toplevel")), pair("object", new Reply.Bulk("b")),
                        pair("username", new Reply.Bulk("bob")), pair("age-seconds", new Reply.Decimal("0")));
        assertThat(entry(3))
                .contains(
                        pair("reason", new Reply.Bulk("command")),
                        pair("object", new Reply.Bulk("del")),
                        pair("age-seconds", new Reply.Decimal("2.5")));
        node.advance(70_000);
        client.run("GET", "b");
        assertThat(entry(0)).contains(pair("count", new Reply.Int(1)));
        assertThat(node.run("ACL", "LOG", "RESET")).isEqualTo(OK);
        assertThat(node.run("ACL", "LOG")).isEqualTo(new Reply.Array(List.of()));
    }

    @Test
    void the_log_has_a_length() {
        node.run("CONFIG", "SET", "acllog-max-len", "3");
        TestNode.Client client = bob("+get");
        for (String key : List.of("a", "b", "c", "d", "e")) {
            client.run("GET", key);
        }
        assertThat(((Reply.Array) node.run("ACL", "LOG")).elements()).hasSize(3);
        assertThat(((Reply.Array) node.run("ACL", "LOG", "1")).elements()).hasSize(1);
    }

    // --- Guessing ---

    @Test
    void guessing_the_password_of_any_user_is_slowed_down() {
        setUser("+@all");
        TestNode.Client client = node.connect();
        for (int i = 0; i < 4; i++) {
            client.run("AUTH", i % 2 == 0 ? "bob" : "nobody", "guess");
        }
        assertThat(client.pausedMillis()).isEqualTo(100);
        for (int i = 4; i < 10; i++) {
            client.run("HELLO", "3", "AUTH", "bob", "guess");
        }
        assertThat(client.pausedMillis()).isGreaterThan(1_000);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void generated_passwords_have_the_bits_that_are_asked_for() {
        assertThat(text(node.run("ACL", "GENPASS"))).matches("[0-9a-f]{64}");
        assertThat(text(node.run("ACL", "GENPASS", "5"))).matches("[0-9a-f]{2}");
        assertThat(text(node.run("ACL", "GENPASS", "4096"))).matches("[0-9a-f]{1024}");
    }

    // --- Files ---

    @Test
    void users_of_the_configuration_are_there_from_the_start() {
        try (TestNode configured = TestNode.with(
                "--user",
                "bob",
                "on",
                ">secret",
                "~a*",
                "+get",
                "--user",
                "eve on nopass +@all",
                "--user",
                "default",
                "off")) {
            TestNode.Client client = configured.connect();
            assertThat(text(client.run("PING"))).isEqualTo(CommandError.NO_AUTH);
            assertThat(client.run("AUTH", "bob", "secret")).isEqualTo(OK);
            assertThat(client.run("GET", "a")).isEqualTo(Reply.Null.BULK);
            assertThat(client.run("AUTH", "eve", "whatever")).isEqualTo(OK);
            assertThat(((Reply.Array) client.run("ACL", "USERS")).elements()).hasSize(3);
        }
    }

    @Test
    void config_rewrite_writes_users_as_they_are_now() throws IOException {
        String kept = "# users\nuser bob on >secret ~a* +get\nuser \"amy on nopass\"\n";
        Path file = Files.writeString(
                folder.resolve("node.conf"),
                kept + "user eve off\nuser ann on\nport 7000\nuser default on nopass +@all\n");
        String[] options = {file.toString(), "--user", "tom", "off"};
        Reply users;
        try (TestNode configured = TestNode.with(options)) {
            configured.run("ACL", "SETUSER", "default", "~k*");
            configured.run("ACL", "SETUSER", "eve", "on", "~q\"1", "(~x* +get)");
            configured.run("ACL", "DELUSER", "ann");
            configured.run("ACL", "SETUSER", "new", "on", ">password", "sanitize-payload");
            assertThat(configured.run("CONFIG", "REWRITE")).isEqualTo(OK);
            users = configured.run("ACL", "LIST");
        }
        assertThat(file)
                .content()
                .startsWith(kept)
                .contains("\nuser eve on ", "\nuser new on ")
                .doesNotContain("user ann", "tom");
        try (TestNode again = TestNode.with(options)) {
            assertThat(again.run("ACL", "LIST")).isEqualTo(users);
        }
    }

    @Test
    void config_rewrite_writes_a_user_again_whose_line_went() throws IOException {
        Path file = Files.writeString(folder.resolve("node.conf"), "user bob on\n");
        try (TestNode configured = TestNode.with(file.toString())) {
            configured.run("ACL", "DELUSER", "bob");
            configured.run("CONFIG", "REWRITE");
            assertThat(file).content().doesNotContain("user bob");
            configured.run("ACL", "SETUSER", "bob", "on", "~b*");
            configured.run("CONFIG", "REWRITE");
        }
        assertThat(file).content().containsOnlyOnce("user bob on ").contains("~b*");
    }

    @Test
    void wrong_users_in_the_configuration_stop_the_start() {
        assertThatThrownBy(() -> TestNode.with("--user", "bob", "+nosuch"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Error in user declaration 'bob': Unknown command or category name in ACL");
        assertThatThrownBy(() -> TestNode.with("--user", "bob", "on", "--user", "bob", "off"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Duplicate user found");
        assertThatThrownBy(() -> TestNode.with("--user", "default", "--user", "default"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Duplicate user found");
        assertThatThrownBy(() -> TestNode.with("--user", "bob", "on", "--aclfile", "users.acl"))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void users_are_saved_and_loaded() throws IOException {
        Path file = Files.writeString(folder.resolve("users.acl"), "user bob on >secret ~a* (+get ~b)\n\n");
        try (TestNode other = TestNode.with("--dir", folder.toString(), "--aclfile", "users.acl")) {
            other.run("ACL", "SETUSER", "eve", "on", ">s", "+@all");
            assertThat(other.run("ACL", "SAVE")).isEqualTo(OK);
            String saved = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(saved)
                    .contains("user bob on #")
                    .contains(" ~a* resetchannels -@all (~b resetchannels -@all +get)\n")
                    .contains("user default on nopass ~* &* +@all\n");
            TestNode.Client client = other.connect();
            client.run("AUTH", "eve", "s");
            Files.writeString(file, saved.replace("eve", "mallory"));
            assertThat(other.run("ACL", "LOAD")).isEqualTo(OK);
            assertThat(other.run("ACL", "USERS").toString()).contains("mallory").doesNotContain("eve");
            assertThat(client.isClosed()).isTrue();
            assertThat(other.client().isClosed()).isFalse();
        }
    }

    @Test
    void a_wrong_file_is_told_line_by_line_and_changes_nothing() throws IOException {
        Path file = Files.createFile(folder.resolve("users.acl"));
        try (TestNode other = TestNode.with("--dir", folder.toString(), "--aclfile", file.toString())) {
            Files.writeString(file, """
                    user a on +foo -bar ~* ~x (bad)
                    # comment
                    user b (+get ~x
                    user a on
                    user
                    """);
            assertThat(text(other.run("ACL", "LOAD")))
                    .isEqualTo(("ERR @:1: Error in applying operation '+foo': Unknown "
                                    + "command or category name in ACL. @:1: Error in applying operation '-bar': Unknown command or "
                                    + "category name in ACL. @:1: Adding a pattern after the * pattern (or the 'allkeys' flag) is not "
                                    + "valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns. "
                                    + "@:2 should start with user keyword followed by the username. "
                                    + "@:3: Unmatched parenthesis in acl selector starting at '(+get'. "
                                    + "WARNING: Duplicate user 'a' found on line 4. "
                                    + "@:5 should start with user keyword followed by the username. "
                                    + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed")
                            .replace("@", file.toString()));
            assertThat(other.run("ACL", "USERS")).isEqualTo(new Reply.Array(List.of(new Reply.Bulk("default"))));
        }
        assertThatThrownBy(() ->
                        TestNode.with("--aclfile", folder.resolve("missing").toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Error loading ACLs, opening file");
    }
}
