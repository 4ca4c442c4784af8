package dev.jackdaw.protocol.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.tls.TlsSettings.ClientCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and names that lead to TLS, and those that do not. */
class TlsContextTest {
    @TempDir
    private static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void make() {
        certificates = new TestCertificates(folder)
                .add("ec")
                .add("rsa", "-keyalg", "RSA", "-keysize", "2048")
                .add("ed", "-keyalg", "Ed25519");
    }

    private static TlsSettings settings(String certificate, Path key, String password) {
        return TlsSettings.of(
                certificates.certificate(certificate).toString(), key.toString(), password, "", ClientCertificates.NO);
    }

    private static TlsSettings with(List<String> protocols, List<String> ciphers, List<String> suites) {
        return new TlsSettings(
                certificates.certificate("rsa").toString(),
                certificates.key("rsa").toString(),
                "",
                "",
                "",
                ClientCertificates.NO,
                protocols,
                ciphers,
                suites,
                true);
    }

    @Test
    void keys_of_every_kind_are_read() {
        for (String name : List.of("ec", "rsa", "ed")) {
            assertThat(TlsContext.forServer(settings(name, certificates.key(name), ""))
                            .serverEngine())
                    .isNotNull();
        }
    }

    @Test
    void keys_in_the_format_for_rsa_alone_are_read() throws IOException {
        List<String> lines = Files.readAllLines(certificates.key("rsa"));
        byte[] whole = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        byte[] inner = Arrays.copyOfRange(whole, 26, whole.length);
        Path file = Files.writeString(
                folder.resolve("rsa1.key"),
                "-----BEGIN RSA PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(inner)
                        + "\n-----END RSA PRIVATE KEY-----\n");
        assertThat(TlsContext.forServer(settings("rsa", file, "")).serverEngine())
                .isNotNull();
    }

    @Test
    void keys_with_a_password_are_read() throws IOException, GeneralSecurityException {
        List<String> lines = Files.readAllLines(certificates.key("ec"));
        byte[] key = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("pass".toCharArray())));
        AlgorithmParameters scheme = AlgorithmParameters.getInstance("PBES2");
        scheme.init(cipher.getParameters().getEncoded());
        byte[] encrypted = new EncryptedPrivateKeyInfo(scheme, cipher.doFinal(key)).getEncoded();
        Path file = Files.writeString(
                folder.resolve("locked.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(encrypted)
                        + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThat(TlsContext.forServer(settings("ec", file, "pass")).serverEngine())
                .isNotNull();
        refused(settings("ec", file, "wrong"), "cannot read the private key");
    }

    @Test
    void what_does_not_fit_is_told() throws IOException {
        Path nothing = Files.createFile(folder.resolve("empty"));
        refused(settings("ec", certificates.key("rsa"), ""), "is not that of");
        refused(settings("ec", certificates.key("ed"), ""), "is not that of");
        refused(settings("ec", nothing, ""), "no private key");
        refused(settings("ec", folder.resolve("missing"), ""), "cannot read the private key");
        refused(TlsSettings.of(nothing.toString(), nothing.toString(), "", "", ClientCertificates.NO), "certificate");
        refused(TlsSettings.of("", "", "", "", ClientCertificates.NO), "tls-cert-file and tls-key-file are needed");
        refused(
                TlsSettings.of(
                        certificates.certificate("ec").toString(),
                        certificates.key("ec").toString(),
                        "",
                        "",
                        ClientCertificates.YES),
                "tls-ca-cert-file");
        refused(with(List.of("TLSv1"), List.of(), List.of()), "tls-protocols");
        refused(with(List.of(), List.of("NULL-MD5"), List.of()), "no cipher suite NULL-MD5");
    }

    private static void refused(TlsSettings settings, String reason) {
        assertThatThrownBy(() -> TlsContext.forServer(settings))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void cipher_suites_have_the_names_of_openssl_or_of_the_jdk() {
        TlsContext context = TlsContext.forServer(with(
                List.of("TLSv1.2", "TLSv1.3"),
                List.of(
                        "ECDHE-RSA-AES128-GCM-SHA256",
                        "ECDHE-RSA-CHACHA20-POLY1305",
                        "ECDHE-ECDSA-AES256-SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                List.of("TLS_AES_128_GCM_SHA256")));
        assertThat(context.serverEngine().getEnabledCipherSuites())
                .containsExactly(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        assertThat(context.serverEngine().getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    }
}
