package dev.jackdaw.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @Test
    void sizes_are_read_as_redis_reads_them() {
        assertThat(List.of("100", "7b", "1k", "1kb", "2m", "64MB", "3g", "1Gb", "mb"))
                .extracting(MemorySize::parse)
                .containsExactly(100L, 7L, 1000L, 1024L, 2_000_000L, 64L << 20, 3_000_000_000L, 1L << 30, 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1tb", "-1", "1.5gb", " 1", "1 mb", "9223372036854775808", "9223372036854775807kb"})
    void other_words_are_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.parse(text));
    }
}
