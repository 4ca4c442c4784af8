package dev.jackdaw.benchmarks.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Owned: what one run of the command prints as it goes, and all its rows once more as JSON. */
public final class Report {
    private final PrintWriter out;
    private final PrintWriter progress;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /**
     * @param out for the tables
     * @param progress for a line before each step that takes long
     */
    public Report(PrintWriter out, PrintWriter progress) {
        this.out = out;
        this.progress = progress;
    }

    public void print(Object text) {
        out.println(text);
        out.flush();
    }

    public void progress(String step) {
        progress.println("... " + step);
        progress.flush();
    }

    /** Keeps a row of numbers for the JSON file. */
    public void keep(String table, Map<String, Object> row) {
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("table", table);
        kept.putAll(row);
        rows.add(kept);
    }

    public void writeJson(Path file, String command) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", Machine.describe());
        all.put("command", command);
        all.put("rows", rows);
        Files.writeString(file, Json.of(all) + "\n");
    }
}
