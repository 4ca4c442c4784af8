package dev.jackdaw.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Owned by one thread: a plain blocking client for what is not measured for speed: settings, INFO, clearing up, replays. */
public final class RespClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    public RespClient(InetSocketAddress endpoint) throws IOException {
        try {
            socket.connect(endpoint, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The reply as text, an array as one line for each element, null as {@code null}. An error reply is thrown. */
    public String call(String... arguments) throws IOException {
        StringBuilder command = new StringBuilder();
        encode(command, arguments);
        out.write(command.toString().getBytes(StandardCharsets.ISO_8859_1));
        return read(arguments[0]);
    }

    /** Appends a command as it is sent; characters are bytes. */
    static void encode(StringBuilder to, String... arguments) {
        to.append('*').append(arguments.length).append("\r\n");
        for (String argument : arguments) {
            to.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
    }

    /** Sends commands that are encoded already; their replies are read by {@link #receive}. */
    public void send(byte[] commands, int length) throws IOException {
        out.write(commands, 0, length);
    }

    /** Waits for bytes of replies to what was sent: how many there were. */
    public int receive(byte[] into) throws IOException {
        int bytes = in.read(into);
        if (bytes < 0) {
            throw new IOException("the server closed the connection");
        }
        return bytes;
    }

    /** The number behind {@code field:} in the reply to INFO. */
    public long info(String field) throws IOException {
        return Long.parseLong(field(call("INFO"), field));
    }

    /** What stands behind {@code field:} in a reply to INFO. */
    public static String field(String info, String field) throws IOException {
        String prefix = field + ":";
        return info.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).trim())
                .findFirst()
                .orElseThrow(() -> new IOException("INFO has no field " + field));
    }

    private String read(String command) throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> throw new IOException(command + " was answered: " + rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(command, Integer.parseInt(rest));
            default -> throw new IOException("not a RESP2 reply to " + command + ": " + line);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] body = new byte[length];
        in.readFully(body);
        line();
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    private String array(String command, int length) throws IOException {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(String.valueOf(read(command)));
        }
        return length < 0 ? null : String.join("\n", elements);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        if (line.length() < 2) {
            return line.isEmpty() || line.charAt(0) == '\r' ? "" : line.toString();
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
