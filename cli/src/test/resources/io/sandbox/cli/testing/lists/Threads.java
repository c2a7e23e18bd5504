// SPDX-License-Identifier: Apache-2.0
public class Threads {
    public static void main(String[] words) throws Exception {
        Thread[] threads = new Thread[20];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> new java.util.Random().ints(100_000).sum());
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
