package dev.jackdaw.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void numbers_keep_three_digits() {
        assertThat(List.of(0.8314, 1.6, 74.25, 1234.5))
                .extracting(Format::number)
                .containsExactly("0.831", "1.60", "74.3", "1,235");
    }

    @Test
    void the_median_is_the_middle() {
        assertThat(Median.of(List.of(3.0, 1.0, 100.0), Double::doubleValue)).isEqualTo(3.0);
        assertThat(Median.of(List.of(4.0, 1.0, 3.0, 2.0), Double::doubleValue)).isEqualTo(2.5);
    }

    @Test
    void json_is_json() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("a \"b\" \\", "line\n");
        row.put("n", 1.5);
        row.put("none", Double.NaN);
        row.put("all", List.of(1L, true));
        assertThat(Json.of(row))
                .isEqualTo("{\"a \\\"b\\\" \\\\\":\"line\\u000a\",\"n\":1.5,\"none\":null,\"all\":[1,\ntrue]}");
    }
}
