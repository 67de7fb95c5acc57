package io.github.firmshake.benchmarks;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.openjdk.jmh.infra.Blackhole;

/** A request as Tomcat's valves see it, held open behind the valve that benchmarks call with it. */
final class LiveTomcatRequest {

    private final TemporaryTomcat tomcat = new TemporaryTomcat();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Socket client;
    private volatile Request request;
    private volatile Response response;

    LiveTomcatRequest(String head, Valve measured, Blackhole blackhole) throws Exception {
        tomcat.server().addContext("", null);
        tomcat.server().getHost().getPipeline().addValve(measured);
        tomcat.server().getHost().getPipeline().addValve(new Sink(blackhole));
        tomcat.server().start();
        client = new Socket(InetAddress.getLoopbackAddress(), tomcat.port());
        client.getOutputStream().write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        arrived.await();
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /** Answers the request and stops the server. */
    void end() throws Exception {
        done.countDown();
        client.close();
        tomcat.end();
    }

    // Holds the first request that comes, and swallows it whenever it comes again.
    private final class Sink extends ValveBase {

        private final Blackhole blackhole;

        private Sink(Blackhole blackhole) {
            super(true);
            this.blackhole = blackhole;
        }

        @Override
        public void invoke(Request live, Response answer) {
            if (request != null) {
                blackhole.consume(live);
                return;
            }
            response = answer;
            request = live;
            arrived.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
