package dev.jackdaw.protocol.resp;

import static dev.jackdaw.protocol.resp.Pieces.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every input that is framed badly or oddly: whole, cut at every byte, byte by byte, before and after a good command. */
class FramingTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String WAITS = "...";
    private static final String INVALID_ARRAY = "! Protocol error: invalid multibulk length";
    private static final String INVALID_BULK = "! Protocol error: invalid bulk length";
    private static final String UNBALANCED = "! Protocol error: unbalanced quotes in request";
    private static final String NUL = "! Protocol error: NUL byte in inline request";

    @Test
    void empty_lines_and_empty_arrays_are_passed_over() {
        good("\r\n");
        good("\n\n\r\n  \t\r\n");
        good("*0\r\n");
        good("*-1\r\n");
        good("*-5\r\n");
        good("*-9223372036854775808\r\n");
        good("*0\r\n\r\n*-1\r\n");
    }

    @Test
    void any_two_bytes_end_a_bulk_string_and_any_byte_follows_a_cr() {
        good("*1\rX$4\rYPINGZZ", "[PING]");
    }

    @Test
    void long_requests_are_read_wherever_they_are_cut() {
        good("*200\r\n" + "$1\r\na\r\n$0\r\n\r\n".repeat(100), "[a][]".repeat(100));
        good("ECHO " + "'a b' ".repeat(300) + "\n", "[ECHO]" + "[a b]".repeat(300));
        bad("ECHO " + "'a b' ".repeat(300) + "'\n", "! Protocol error: unbalanced quotes in request");
        bad("*200\r\n" + "$1\r\na\r\n".repeat(100), WAITS);
        bad("*200\r\n" + "$1\r\na\r\n".repeat(100) + "x\r\n", "! Protocol error: expected '$', got 'x'");
    }

    @Test
    void an_array_without_its_arguments_waits() {
        waits("*1000000000\r\n");
        waits("*2147483647\r\n");
        waits("*2\r\n$4\r\nECHO\r\n");
        waits("*1\r\n$536870912\r\n");
        waits("*1\r\n$536870912\r\nabc");
        waits("*");
        waits("*1");
        waits("*1\r");
        waits("*abc");
        waits("*1\r\n$4\r\nPING\r");
    }

    @Test
    void invalid_array_headers_are_refused() {
        for (String header : List.of(
                "2147483648",
                "3000000000",
                "abc",
                "",
                "+1",
                "01",
                "00",
                "-0",
                "-",
                " 1",
                "1 ",
                "1x",
                "1\n",
                "99999999999999999999",
                "-99999999999999999999",
                "9223372036854775808")) {
            bad("*" + header + "\r\n", INVALID_ARRAY);
        }
    }

    @Test
    void invalid_bulk_headers_are_refused() {
        for (String header : List.of(
                "-5", "-1", "abc", "", "+4", "04", "00", "-0", " 4", "4 ", "536870913", "4294967296", "1\u0000")) {
            bad("*1\r\n$" + header + "\r\n", INVALID_BULK);
        }
        bad("*2147483647\r\n$-1\r\n", INVALID_BULK);
        bad("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$x\r\n", INVALID_BULK);
    }

    @Test
    void an_argument_must_be_a_bulk_string() {
        bad("*1\r\nfoo\r\n", "! Protocol error: expected '$', got 'f'");
        bad("*1\r\n*1\r\n$4\r\nPING", "! Protocol error: expected '$', got '*'");
        bad("*1\r\n\r\n", "! Protocol error: expected '$', got ' '");
        bad("*1\r\n\n\r\n", "! Protocol error: expected '$', got ' '");
        bad("*1\r\n\u00ffab\r\n", "! Protocol error: expected '$', got '\u00ff'");
    }

    @Test
    void an_empty_name_is_a_request() {
        good("*1\r\n$0\r\n\r\n", "[]");
        good("\"\"\r\n", "[]");
    }

    @Test
    void endless_headers_are_refused() {
        bad("*" + "1".repeat(70_000), "! Protocol error: too big mbulk count string");
        bad("*\0" + "x".repeat(70_000), "! Protocol error: too big mbulk count string");
        bad("*" + "1".repeat(70_000) + "\r\n", "! Protocol error: too big mbulk count string");
        bad("*1\r\n$" + "1".repeat(70_000), "! Protocol error: too big bulk count string");
        bad("*1\r\n$\0" + "x".repeat(70_000), "! Protocol error: too big bulk count string");
        waits("*" + "1".repeat(65_535));
        bad("*" + "1".repeat(65_535) + "\r\n", INVALID_ARRAY);
    }

    @Test
    void long_inline_commands_are_refused_with_and_without_their_end() {
        String tooBig = "! Protocol error: too big inline request";
        bad("x".repeat(70_000), tooBig);
        bad("SET k " + "x".repeat(70_000) + "\r\n", tooBig);
        bad("x".repeat(65_537) + "\n", tooBig);
        waits("x".repeat(65_536));
        good("x".repeat(65_536) + "\n", "[" + "x".repeat(65_536) + "]");
    }

    @Test
    void nul_bytes_and_tls_are_refused_at_once() {
        bad("\0", NUL);
        bad("\0".repeat(20) + "\r\n", NUL);
        bad("PING\0\r\n", NUL);
        bad("\u0016\u0003\u0001\u0002\u0000\u0001", "! Protocol error: TLS handshake on a port without TLS");
        waits("\u0016");
        good("\u0016x\r\n", "[\u0016x]");
    }

    @Test
    void inline_commands_end_with_lf() {
        good("PING\n", "[PING]");
        good("PING\r\n", "[PING]");
        good("PING\r\r\n", "[PING]");
        good("  \t PING \u000b \r\n", "[PING]");
        waits("PING\r");
        good("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "[GET][/][HTTP/1.1]", "[Host:][x]");
    }

    @Test
    void inline_quotes_are_undone() {
        good("ECHO \"a\\x41\\n\\q\\\"\"\r\n", "[ECHO][aA\nq\"]");
        good("ECHO \"\\a\\b\\t\\r\\n\\xzz\"\r\n", "[ECHO][\u0007\b\t\r\nxzz]");
        good("ECHO \"\\x4\" \"\\xF\u00ff\" \"\\xfF\\x00\"\r\n", "[ECHO][x4][xF\u00ff][\u00ff\u0000]");
        good("ECHO 'a\\'b\\n \"' '\\x41'\r\n", "[ECHO][a'b\\n \"][\\x41]");
        good("ECHO a\"b c\"\r\n", "[ECHO][ab c]");
        good("ECHO \"\" ''\r\n", "[ECHO][][]");
        good("ECHO a\u000bb\u000cc a\rb \u00e9\r\n", "[ECHO][a\u000bb\u000cc][a][b][\u00e9]");
        good("\"PING\"\u000b\r\n", "[PING]");
        good("FOO \"a\\r\\nb\" c\r\n", "[FOO][a\r\nb][c]");
    }

    @Test
    void unbalanced_quotes_are_refused() {
        bad("PI\"NG\r\n", UNBALANCED);
        bad("\"PING\r\n", UNBALANCED);
        bad("'PING'x\r\n", UNBALANCED);
        bad("ECHO a\"b\"c\r\n", UNBALANCED);
        bad("ECHO \"a\"\"b\"\r\n", UNBALANCED);
        bad("SET a \"b\\\r\n", UNBALANCED);
        bad("SET a 'b\\'\r\n", UNBALANCED);
        bad("SET a \"\\x4", WAITS);
    }

    @Test
    void strangers_get_narrow_limits() {
        Consumer<RequestDecoder> stranger = decoder -> decoder.authenticated(false);
        bad(stranger, "*11\r\n", "! Protocol error: unauthenticated multibulk length");
        bad(stranger, "*2147483648\r\n", INVALID_ARRAY);
        bad(stranger, "*10\r\n", WAITS);
        bad(stranger, "*1\r\n$16385\r\n", "! Protocol error: unauthenticated bulk length");
        bad(stranger, "*1\r\n$536870913\r\n", INVALID_BULK);
        bad(stranger, "*1\r\n$16384\r\n", WAITS);
    }

    @Test
    void limits_can_be_set() {
        bad(decoder -> decoder.maxBulkBytes(10), "*1\r\n$11\r\n", INVALID_BULK);
        bad(decoder -> decoder.maxBulkBytes(10), "*1\r\n$10\r\n", WAITS);
        bad(decoder -> decoder.maxBulkBytes(Long.MAX_VALUE), "*1\r\n$2147483647\r\n", WAITS);
        bad(decoder -> decoder.maxBulkBytes(Long.MAX_VALUE), "*1\r\n$2147483648\r\n", INVALID_BULK);
        String three = "$1\r\na\r\n".repeat(3);
        bad(decoder -> decoder.maxArguments(3), "*4\r\n" + three, INVALID_ARRAY);
        bad(decoder -> decoder.maxArguments(3), "*4\r\n" + three.substring(0, 20), WAITS);
        bad(decoder -> decoder.maxInlineBytes(20), "x".repeat(21), "! Protocol error: too big inline request");
        bad(
                decoder -> decoder.maxInlineBytes(20),
                "*" + "1".repeat(20),
                "! Protocol error: too big mbulk count string");
    }

    private static void good(String input, String... requests) {
        List<String> expected = new ArrayList<>(List.of(requests));
        check(decoder -> {}, input, expected);
        expected.add("[PING]");
        check(decoder -> {}, input + PING, expected);
        expected.addFirst("[PING]");
        check(decoder -> {}, PING + input + PING, expected);
    }

    private static void waits(String input) {
        bad(input, WAITS);
    }

    private static void bad(String input, String outcome) {
        bad(decoder -> {}, input, outcome);
    }

    private static void bad(Consumer<RequestDecoder> limits, String input, String outcome) {
        List<String> end = outcome.equals(WAITS) ? List.of() : List.of(outcome);
        check(limits, input, end);
        List<String> after = new ArrayList<>(end);
        after.addFirst("[PING]");
        check(limits, PING + input, after);
        if (!end.isEmpty()) {
            check(limits, input + PING, end);
        }
    }

    private static void check(Consumer<RequestDecoder> limits, String input, List<String> expected) {
        try (Pieces pieces = new Pieces(latin1(input))) {
            check(pieces, limits, input, expected);
            check(pieces, limits, input, expected, pieces.everywhere());
            for (int cut = 1; cut < pieces.length(); cut += step(cut, pieces.length())) {
                check(pieces, limits, input, expected, cut);
            }
        }
    }

    /** One, but for the middle of inputs so long that every cut would take minutes. */
    private static int step(int cut, int length) {
        boolean interesting = cut < 200 || cut > length - 200 || Math.abs(cut - 65_536) < 100;
        return length < 10_000 || interesting ? 1 : 97;
    }

    private static void check(
            Pieces pieces, Consumer<RequestDecoder> limits, String input, List<String> expected, int... cuts) {
        RequestDecoder decoder = new RequestDecoder();
        limits.accept(decoder);
        Outcomes outcomes = new Outcomes(decoder);
        List<String> found = pieces.read(outcomes::next, cuts);
        if (!found.equals(expected)) {
            assertThat(found)
                    .as("%.80s cut at %d", input, cuts.length == 1 ? cuts[0] : -cuts.length)
                    .isEqualTo(expected);
        }
    }

    /** Owned by one check: the requests of one connection as text, and at most one error. */
    private static final class Outcomes {
        private final RequestDecoder decoder;
        private final Request request = new Request();
        private boolean failed;

        Outcomes(RequestDecoder decoder) {
            this.decoder = decoder;
        }

        String next(ByteBuf in) {
            if (failed) {
                return null;
            }
            try {
                return decoder.decode(in, request) ? shown() : null;
            } catch (ProtocolException refusal) {
                failed = true;
                return "! " + refusal.getMessage();
            }
        }

        private String shown() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < request.count(); i++) {
                text.append('[').append(request.text(i)).append(']');
            }
            return text.toString();
        }
    }
}
