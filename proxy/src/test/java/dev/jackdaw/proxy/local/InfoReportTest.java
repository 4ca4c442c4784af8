package dev.jackdaw.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.ProxySettings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InfoReportTest {
    private final InfoReport report = new InfoReport(
            new ProxySettings().to(List.of(new Node("a", 1))), new Clients(1), new Clock(() -> 0, () -> 0));

    @Test
    void what_any_node_is_at_counts_once_and_what_all_did_well_is_ok() {
        report.node(0, "a", "loading:1\r\nrdb_bgsave_in_progress:0\r\nrdb_changes_since_last_save:2\r\n");
        report.node(1, "b", "loading:1\r\nrdb_last_bgsave_status:err\r\naof_last_write_status:ok\r\n");
        report.node(
                2, "c", "aof_rewrite_in_progress:1\r\nrdb_last_bgsave_status:ok\r\nrdb_changes_since_last_save:3\r\n");
        assertThat(report.text(Set.of("persistence")).split("\r\n"))
                .contains("loading:1", "rdb_bgsave_in_progress:0", "aof_rewrite_in_progress:1")
                .contains("rdb_last_bgsave_status:err", "aof_last_write_status:ok", "rdb_changes_since_last_save:5");
    }
}
