// SPDX-License-Identifier: Apache-2.0
import com.sun.net.httpserver.HttpServer;
import java.net.*;
import java.util.concurrent.*;
import java.util.stream.IntStream;

public class Server {
    public static void main(String[] words) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(new byte[100_000]);
            exchange.close();
        });
        server.start();
        URI uri = new URI("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        ExecutorService clients = Executors.newFixedThreadPool(8);
        Callable<Integer> client = () -> uri.toURL().openStream().readAllBytes().length;
        for (Future<Integer> each : clients.invokeAll(IntStream.range(0, 200).mapToObj(i -> client).toList())) {
            each.get();
        }
        System.exit(0);
    }
}
