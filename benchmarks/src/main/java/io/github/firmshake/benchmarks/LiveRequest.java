package io.github.firmshake.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;

/**
 * A request that Tomcat's own connector has parsed, held open by a servlet while benchmarks run filters on it. Filters
 * are initialized by Tomcat too.
 */
final class LiveRequest {

    private final TemporaryTomcat tomcat = new TemporaryTomcat();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Socket client;
    private volatile ServletRequest request;
    private volatile ServletResponse response;

    LiveRequest(String head, Filter filter) throws Exception {
        Context context = tomcat.server().addContext("", null);
        Tomcat.addServlet(context, "holder", new Holder()).addMapping("/");
        FilterDef definition = new FilterDef();
        definition.setFilterName("measured");
        definition.setFilter(filter);
        context.addFilterDef(definition); // mapped nowhere: the benchmark calls it
        tomcat.server().start();
        client = new Socket(InetAddress.getLoopbackAddress(), tomcat.port());
        client.getOutputStream().write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        arrived.await();
    }

    ServletRequest request() {
        return request;
    }

    ServletResponse response() {
        return response;
    }

    /** Answers the request and stops the server. */
    void end() throws Exception {
        done.countDown();
        client.close();
        tomcat.end();
    }

    @SuppressWarnings("serial") // nobody serializes a servlet
    private final class Holder extends HttpServlet {
        @Override
        protected void service(HttpServletRequest live, HttpServletResponse answer) {
            request = live;
            response = answer;
            arrived.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
