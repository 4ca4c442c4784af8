package dev.jackdaw.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void cells_are_aligned() {
        Table table = new Table(List.of("test", "op/s"));
        table.row(List.of("GET", "1,000,000"));
        table.row(List.of("LRANGE 100", "7"));
        assertThat(table.toString()).isEqualTo("""
                        | test       |      op/s |
                        | ---------- | --------: |
                        | GET        | 1,000,000 |
                        | LRANGE 100 |         7 |
                        """);
    }

    @Test
    void a_row_of_another_width_is_refused() {
        Table table = new Table(List.of("one", "two"));
        assertThatThrownBy(() -> table.row(List.of("1"))).isInstanceOf(IllegalArgumentException.class);
    }
}
