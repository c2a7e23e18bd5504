// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The server of a cluster's API, as a pod reaches it with its service account (Kubernetes'
 * documentation, "Accessing the Kubernetes API from a Pod").
 */
public final class ApiServer {
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final int PATIENCE_MILLIS = 5000;
    private static final int MAX_BYTES = 16 << 20;

    private ApiServer() {}

    /**
     * The names of the namespaces that have a label.
     *
     * @param selector as the API takes it, such as {@code key=value}
     * @throws IOException if the server does not tell them
     */
    public static Set<String> queryNamespaces(String selector) throws IOException {
        String host = System.getenv().getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = System.getenv().getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host.isEmpty()) {
            throw new IOException("no API server is known (KUBERNETES_SERVICE_HOST)");
        }
        // What its cache has is enough, and costs it least.
        URI address =
                URI.create(
                        "https://%s:%s/api/v1/namespaces?resourceVersion=0&labelSelector=%s"
                                .formatted(
                                        host.contains(":") ? "[" + host + "]" : host,
                                        port,
                                        URLEncoder.encode(selector, StandardCharsets.UTF_8)));
        HttpsURLConnection connection = (HttpsURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setSSLSocketFactory(trusting(ACCOUNT.resolve("ca.crt")).getSocketFactory());
        // Kubelet renews it.
        String token = Files.readString(ACCOUNT.resolve("token")).strip();
        connection.setRequestProperty("Authorization", "Bearer " + token);
        try (InputStream answer = connection.getInputStream()) {
            return parseNames(answer.readNBytes(MAX_BYTES));
        }
    }

    private static SSLContext trusting(Path certificates) throws IOException {
        try (InputStream file = Files.newInputStream(certificates)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("authority " + store.size(), each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(certificates + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> parseNames(byte[] answer) throws IOException {
        if (!(JsonObject.parse(answer).get("items") instanceof List<?> items)) {
            throw new IOException("what the API server answers has no items");
        }
        Set<String> names = new TreeSet<>();
        for (Object item : items) {
            if (item instanceof Map<?, ?> fields
                    && fields.get("metadata") instanceof Map<?, ?> metadata) {
                names.add(String.valueOf(metadata.get("name")));
            }
        }
        return names;
    }
}
