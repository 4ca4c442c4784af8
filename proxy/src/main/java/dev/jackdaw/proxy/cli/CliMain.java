package dev.jackdaw.proxy.cli;

import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Owned by the process: sends one command, or those that are typed, and prints what comes back. */
@Command(
        name = "jackdaw cli",
        description = "A prompt with history and completion, or one command.",
        sortOptions = false)
public final class CliMain implements Callable<Integer> {
    @Option(names = "-h", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "default ${DEFAULT-VALUE}")
    private String host;

    @Option(names = "-p", paramLabel = "PORT", defaultValue = "6379", description = "default ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "-a", paramLabel = "PASS", defaultValue = "", description = "the password")
    private String password;

    @Option(names = "--resp3", description = "speak RESP3")
    private boolean resp3;

    @Option(names = "--help", usageHelp = true, description = "show this")
    private boolean unusedHelp;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "a command and its arguments")
    private List<String> words = new ArrayList<>();

    private final Hints hints = new Hints();
    private final PrintStream out;
    private final boolean terminal;
    private Connection connection;

    CliMain(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public static void main(String[] arguments) {
        Console console = System.console();
        PrintStream bytes = new PrintStream(System.out, true, StandardCharsets.ISO_8859_1);
        System.exit(run(bytes, console != null && console.isTerminal(), arguments));
    }

    /** Runs the command line; returns the status to exit with. */
    static int run(PrintStream out, boolean terminal, String... arguments) {
        return new CommandLine(new CliMain(out, terminal))
                .setStopAtPositional(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        try {
            if (!words.isEmpty()) {
                connect();
                execute(bytes(words));
            } else if (terminal) {
                converse();
            } else {
                executeInput();
            }
            return 0;
        } catch (IOException | ProtocolException failed) {
            out.println(terminal ? "Error: " + failed.getMessage() : failed.getMessage());
            return 1;
        } finally {
            disconnect();
        }
    }

    private void connect() throws IOException {
        try {
            connection = new Connection(host, port);
        } catch (IOException failed) {
            throw new IOException("Could not connect to " + host + ":" + port + ": " + failed.getMessage(), failed);
        }
        Reply greeting = new Reply.Simple("OK");
        if (!password.isEmpty()) {
            greeting = connection.ask("AUTH", password);
        }
        if (resp3 && !(greeting instanceof Reply.Error)) {
            greeting = connection.ask("HELLO", "3");
        }
        if (greeting instanceof Reply.Error refused) {
            out.println("Warning: " + refused.text());
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Commands from a pipe, one a line. */
    private void executeInput() throws IOException {
        connect();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<byte[]> command = split(line);
            if (!command.isEmpty()) {
                execute(command);
            }
        }
    }

    private void converse() throws IOException {
        try (Prompt prompt = new Prompt(hints)) {
            while (true) {
                String where = connection == null ? "not connected> " : host + ":" + port + "> ";
                String line = prompt.line(connection == null ? reconnected(where) : where);
                if (line == null) {
                    return;
                }
                List<byte[]> command = split(utf8AsLatin1(line));
                if (isOwn(command, "exit") || isOwn(command, "quit")) {
                    return;
                }
                if (isOwn(command, "help")) {
                    help(command);
                } else if (!command.isEmpty()) {
                    tryToExecute(command);
                }
            }
        }
    }

    private String reconnected(String otherwise) {
        try {
            connect();
            return host + ":" + port + "> ";
        } catch (IOException failed) {
            out.println(failed.getMessage());
            return otherwise;
        }
    }

    private void tryToExecute(List<byte[]> command) {
        try {
            if (connection == null) {
                connect();
            }
            execute(command);
        } catch (IOException | ProtocolException failed) {
            out.println("Error: " + failed.getMessage());
            disconnect();
        }
    }

    private void execute(List<byte[]> command) throws IOException {
        print(connection.ask(command));
        while (isOwn(command, "subscribe") || isOwn(command, "psubscribe")) {
            print(connection.read());
        }
    }

    private void print(Reply reply) {
        out.println(terminal ? ReplyFormat.pretty(reply) : ReplyFormat.raw(reply));
        out.flush();
    }

    private void help(List<byte[]> command) {
        List<String> about = command.stream()
                .skip(1)
                .map(word -> new String(word, StandardCharsets.ISO_8859_1))
                .toList();
        String text = about.isEmpty() ? null : hints.help(about);
        out.println(text != null ? text : "help COMMAND tells about a command; Tab completes; exit ends");
    }

    private static boolean isOwn(List<byte[]> command, String name) {
        return !command.isEmpty()
                && new String(command.getFirst(), StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT)
                        .equals(name);
    }

    /** The words of a line, with the quotes and escapes of inline commands; none if a quote is not closed. */
    private List<byte[]> split(String line) {
        ByteBuf bytes = Unpooled.directBuffer();
        try {
            bytes.writeCharSequence(line + "\n", StandardCharsets.ISO_8859_1);
            Request request = new Request();
            List<byte[]> command = new ArrayList<>();
            if (new RequestDecoder().decode(bytes, request)) {
                for (int i = 0; i < request.count(); i++) {
                    command.add(request.text(i).getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            return command;
        } catch (ProtocolException unreadable) {
            out.println("Invalid argument(s)");
            return List.of();
        } finally {
            bytes.release();
        }
    }

    private static String utf8AsLatin1(String line) {
        return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static List<byte[]> bytes(List<String> words) {
        return words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
