// SPDX-License-Identifier: Apache-2.0
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URL;

public class Service {
    static String answer(String asked) {
        if (!asked.equals("/id")) {
            return "hello";
        }
        try {
            return "ran id: " + new ProcessBuilder("id").start().waitFor();
        } catch (IOException | InterruptedException e) {
            return e.getMessage();
        }
    }

    public static void main(String[] paths) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = answer(exchange.getRequestURI().getPath()).getBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        for (String path : paths) {
            URL url = new URL("http://127.0.0.1:" + server.getAddress().getPort() + path);
            System.out.println(new String(url.openStream().readAllBytes()));
        }
        System.exit(0);
    }
}
