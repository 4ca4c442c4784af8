package dev.jackdaw.protocol.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Shared and stateless: reads certificates and private keys from files of text, as OpenSSL writes them. */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END [A-Z ]*PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    /** What comes before the key in the format that says which kind of key it is; the lengths are not yet filled in. */
    private static final byte[] RSA_HEADER = {
        0x30,
        (byte) 0x82,
        0,
        0,
        0x02,
        0x01,
        0,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0,
        0x04,
        (byte) 0x82,
        0,
        0
    };

    private Pem() {}

    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(in.readAllBytes()))
                    .forEach(each -> certificates.add((X509Certificate) each));
        } catch (IOException | CertificateException wrong) {
            throw new TlsException("cannot read the certificate " + file, wrong);
        }
        if (certificates.isEmpty()) {
            throw new TlsException("there is no certificate in " + file);
        }
        return certificates;
    }

    static PrivateKey privateKey(Path file, String password) {
        try {
            Matcher found = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!found.find()) {
                throw new TlsException("there is no private key in " + file);
            }
            byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
            return switch (found.group(1)) {
                case "" -> key(new PKCS8EncodedKeySpec(bytes), file);
                case "RSA " -> key(new PKCS8EncodedKeySpec(withRsaHeader(bytes)), file);
                case "ENCRYPTED " -> key(decrypted(bytes, password), file);
                default ->
                    throw new TlsException(
                            "the key in " + file + " is in an old format: convert it with openssl pkcs8");
            };
        } catch (IOException | GeneralSecurityException | IllegalArgumentException wrong) {
            throw new TlsException("cannot read the private key " + file, wrong);
        }
    }

    /** Whether the certificate is for that key. */
    static boolean fit(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        byte[] sample = certificate.getEncoded();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        return signature.verify(signed);
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec, Path file) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                // A key does not say its algorithm in a way that the JDK tells, so each has to be tried.
                assert another != null;
            }
        }
        throw new TlsException("the key in " + file + " is of no known kind");
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] bytes, String password)
            throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
        // For the newer schemes the parameters know the algorithm's name, and the outer name says only that.
        String algorithm = info.getAlgName().startsWith("PBEWith")
                ? info.getAlgName()
                : info.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    /** Keys in the format that is only for RSA get the header that the others have. */
    private static byte[] withRsaHeader(byte[] key) {
        byte[] whole = new byte[RSA_HEADER.length + key.length];
        System.arraycopy(RSA_HEADER, 0, whole, 0, RSA_HEADER.length);
        System.arraycopy(key, 0, whole, RSA_HEADER.length, key.length);
        putLength(whole, 2, whole.length - 4);
        putLength(whole, RSA_HEADER.length - 2, key.length);
        return whole;
    }

    private static void putLength(byte[] bytes, int at, int length) {
        bytes[at] = (byte) (length >> 8);
        bytes[at + 1] = (byte) length;
    }
}
