package dev.jackdaw.protocol.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Owned by one test: an authority, and certificates that it signed, made with the JDK's keytool; in a directory of the test's. */
public final class TestCertificates {
    private static final String PASSWORD = "secret";
    private static final int KEYTOOL_SECONDS = 60;

    private final Path folder;
    private final Path store;

    /** Makes an authority named {@code ca}. */
    public TestCertificates(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("all.p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-keyalg", "EC", "-ext", "bc:c");
        write("ca");
    }

    /** Makes a certificate for localhost, signed by the authority, and a key for it. */
    public TestCertificates add(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-signer",
                "ca",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1"));
        arguments.addAll(more.length > 0 ? Arrays.asList(more) : List.of("-keyalg", "EC"));
        keytool(arguments.toArray(String[]::new));
        write(name);
        return this;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of(
                "-validity", "30", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("keytool.log").toFile())
                    .start();
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("keytool: " + Files.readString(folder.resolve("keytool.log")));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private void write(String name) {
        try {
            KeyStore keys = load();
            pem(certificate(name), "CERTIFICATE", keys.getCertificate(name).getEncoded());
            pem(
                    key(name),
                    "PRIVATE KEY",
                    keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(new ByteArrayInputStream(Files.readAllBytes(store)), PASSWORD.toCharArray());
        return keys;
    }

    private static void pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** For clients that trust the authority, and show a certificate unless the name is empty. */
    public SSLContext client(String name) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            KeyStore all = load();
            trusted.setCertificateEntry("ca", all.getCertificate("ca"));
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (!name.isEmpty()) {
                own.setKeyEntry(
                        name,
                        all.getKey(name, PASSWORD.toCharArray()),
                        PASSWORD.toCharArray(),
                        all.getCertificateChain(name));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException wrong) {
            throw new AssertionError(wrong);
        }
    }
}
