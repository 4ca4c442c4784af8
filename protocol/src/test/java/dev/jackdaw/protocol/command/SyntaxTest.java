package dev.jackdaw.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.command.Syntax.Argument;
import dev.jackdaw.protocol.command.Syntax.Kind;
import org.junit.jupiter.api.Test;

class SyntaxTest {
    @Test
    void the_arity_counts_what_must_be_there() {
        assertThat(arity("")).isEqualTo(1);
        assertThat(arity("key value")).isEqualTo(3);
        assertThat(arity("key [count]")).isEqualTo(-2);
        assertThat(arity("key [key ...]")).isEqualTo(-2);
        assertThat(arity("[key [key ...]]")).isEqualTo(-1);
        assertThat(arity("key value [key value ...]")).isEqualTo(-3);
        assertThat(arity("<ON | OFF>")).isEqualTo(2);
        assertThat(arity("<LIB-NAME name | LIB-VER version>")).isEqualTo(3);
        assertThat(arity("<address | filter value [filter value ...]>")).isEqualTo(-2);
        assertThat(arity("subcommand [argument ...]")).isEqualTo(-2);
    }

    @Test
    void a_keyword_is_the_token_of_what_follows() {
        Argument count = only("[COUNT count]");
        assertThat(count).isEqualTo(new Argument(Kind.INTEGER, "count", "COUNT", true, false, false, count.parts()));

        Argument limit = only("[LIMIT offset count]");
        assertThat(limit.kind()).isEqualTo(Kind.BLOCK);
        assertThat(limit.token()).isEqualTo("LIMIT");
        assertThat(limit.parts()).extracting(Argument::name).containsExactly("offset", "count");
    }

    @Test
    void alternatives_are_one_of() {
        Argument condition = only("[NX | EX seconds]");
        assertThat(condition.kind()).isEqualTo(Kind.ONEOF);
        assertThat(condition.optional()).isTrue();
        assertThat(condition.parts()).extracting(Argument::kind).containsExactly(Kind.PURE_TOKEN, Kind.INTEGER);
        assertThat(condition.parts()).extracting(Argument::token).containsExactly("NX", "EX");
    }

    @Test
    void what_repeats_is_multiple() {
        assertThat(only("key [key ...]").multiple()).isTrue();
        assertThat(only("key [key ...]").optional()).isFalse();
        assertThat(only("[key [key ...]]").optional()).isTrue();
        Argument pairs = only("key value [key value ...]");
        assertThat(pairs.kind()).isEqualTo(Kind.BLOCK);
        assertThat(pairs.multiple()).isTrue();
    }

    @Test
    void parentheses_make_a_block_and_are_not_shown() {
        Argument streams = only("(STREAMS key [key ...] id [id ...])");
        assertThat(streams.kind()).isEqualTo(Kind.BLOCK);
        assertThat(streams.token()).isEqualTo("STREAMS");
        assertThat(streams.parts()).extracting(Argument::multiple).containsExactly(true, true);

        Argument patterns = only("(pattern) [(pattern) ...]");
        assertThat(patterns.kind()).isEqualTo(Kind.BLOCK);
        assertThat(patterns.multiple()).isTrue();
        assertThat(patterns.parts()).extracting(Argument::kind).containsExactly(Kind.PATTERN);

        assertThat(Syntax.parse("[((COUNT count:string) [ANY])]").text()).isEqualTo("[COUNT count [ANY]]");
    }

    @Test
    void a_syntax_that_does_not_close_is_refused() {
        assertThatThrownBy(() -> Syntax.parse("key [count")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Syntax.parse("(key count")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Syntax.parse("key ] count")).isInstanceOf(IllegalArgumentException.class);
    }

    private static int arity(String text) {
        return Syntax.parse(text).arity(1);
    }

    private static Argument only(String text) {
        assertThat(Syntax.parse(text).arguments()).hasSize(1);
        return Syntax.parse(text).arguments().getFirst();
    }
}
