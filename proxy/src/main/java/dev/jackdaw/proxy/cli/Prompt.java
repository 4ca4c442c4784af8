package dev.jackdaw.proxy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/** Owned by the command line: reads lines from a terminal, with history, completion, and a hint of what is missing. */
final class Prompt implements AutoCloseable {
    private static final Path HISTORY = Path.of(System.getProperty("user.home"), ".jackdaw_history");
    private static final int HISTORY_LINES = 1000;

    private final Terminal terminal;
    private final LineReader reader;
    private final Hints hints;
    private int promptLength;

    Prompt(Hints hints) throws IOException {
        this.hints = hints;
        terminal = TerminalBuilder.builder().system(true).build();
        // A backslash belongs to the command; it must not make the line go on.
        DefaultParser parser = new DefaultParser().escapeChars(new char[0]);
        parser.setEofOnUnclosedQuote(false);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(parser)
                .completer((unused, line, candidates) -> {
                    List<String> words = line.words().subList(0, line.wordIndex() + 1);
                    hints.completions(words).forEach(word -> candidates.add(new Candidate(word)));
                })
                .highlighter(new Hinting())
                .variable(LineReader.HISTORY_FILE, HISTORY)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_IGNORE, "AUTH *:auth *:Auth *")
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        reader.setAutosuggestion(LineReader.SuggestionType.TAIL_TIP);
    }

    /** The next line, or null at the end. */
    String line(String prompt) {
        promptLength = prompt.length();
        while (true) {
            try {
                return reader.readLine(prompt);
            } catch (UserInterruptException interrupted) {
                if (interrupted.getPartialLine().isEmpty()) {
                    return null;
                }
            } catch (EndOfFileException end) {
                return null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /** Owned by the prompt: called whenever the line is drawn, which is when its hint has to fit it. */
    private final class Hinting implements Highlighter {
        @Override
        public AttributedString highlight(LineReader shown, String line) {
            String missing =
                    line.isBlank() ? "" : hints.missing(List.of(line.strip().split("\\s+")));
            String tip = line.endsWith(" ") || missing.isEmpty() ? missing : " " + missing;
            int room = Math.max(0, terminal.getSize().getColumns() - promptLength - line.length() - 1);
            shown.setTailTip(tip.substring(0, Math.min(room, tip.length())));
            return new AttributedString(line);
        }
    }
}
