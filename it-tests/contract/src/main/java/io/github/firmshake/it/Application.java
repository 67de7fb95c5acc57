package io.github.firmshake.it;

import io.github.firmshake.filter.Heartbeat;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The application in front of which every container is tested: an echo endpoint at {@code /ws}, and servlets whose paths
 * say what they do. Any other path answers 404. It knows nothing of Firmshake, but for the endpoints at
 * {@code /answering} and {@code /replying}, which echo what is no heartbeat.
 */
public final class Application {

    /** The status for which a container has to declare {@link #ERROR_PAGE}. */
    public static final int ERROR_WITH_PAGE = 409;

    /** The error page's path. */
    public static final String ERROR_PAGE = "/error-page";

    private static final Semaphore RELEASES = new Semaphore(0);

    private Application() {}

    /** Registers servlets and endpoint. The container's WebSocket support has to be there already. */
    public static void install(ServletContext context) throws ServletException {
        add(context, "/", (request, response) -> answer(response, 404, "no such page"));
        add(context, "/plain", (request, response) -> answer(response, 200, "plain"));
        add(context, "/files/*", (request, response) -> answer(response, 404, "no such file"));
        add(context, "/seen", Application::seen);
        add(context, "/client", (request, response) -> answer(response, 200, request.getRemoteAddr()));
        add(context, "/redirect", (request, response) -> response.sendRedirect("login"));
        add(context, "/failure", (request, response) -> {
            throw new ServletException("a failure on purpose");
        });
        add(context, "/forward", (request, response) -> dispatcher(request).forward(request, response));
        add(context, "/include", (request, response) -> dispatcher(request).include(request, response));
        add(context, "/error", (request, response) -> response.sendError(ERROR_WITH_PAGE));
        add(context, ERROR_PAGE, (request, response) -> answer(response, ERROR_WITH_PAGE, "error page"));
        add(context, "/async", (request, response) -> later(request, async -> answer(response, 202, "later")));
        add(context, "/async-dispatch", Application::dispatched);
        add(context, "/async-over", Application::overBeforeItReturns);
        add(context, "/events", Application::events);
        try {
            ServerContainer container = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            container.addEndpoint(Echo.class);
            container.addEndpoint(Answering.class);
            container.addEndpoint(Replying.class);
            container.addEndpoint(Pongs.class);
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    /** Lets one request to {@code /async} or {@code /events} end; until then they wait. */
    public static void release() {
        RELEASES.release();
    }

    /** The endpoint. */
    @ServerEndpoint("/ws")
    public static final class Echo {
        /** Created by the container. */
        public Echo() {}

        /** Answers a message with itself. */
        @OnMessage
        public String echo(String message) {
            return message;
        }
    }

    /** An endpoint that has heartbeats answered. */
    @ServerEndpoint("/answering")
    public static final class Answering {
        /** Created by the container. */
        public Answering() {}

        /** Takes what is no heartbeat. */
        @OnMessage
        public void message(Session session, String message) throws IOException {
            if (Heartbeat.answer(session, message)) {
                return;
            }
            session.getBasicRemote().sendText("application: " + message);
        }
    }

    /** An endpoint that answers heartbeats itself. */
    @ServerEndpoint("/replying")
    public static final class Replying {
        /** Created by the container. */
        public Replying() {}

        /** Answers everything in its own way. */
        @OnMessage
        public String message(String message) {
            String reply = Heartbeat.replyTo(message);
            return reply == null ? "application: " + message : reply;
        }
    }

    /** An endpoint with a handler of its own for Pongs, which is asked for them: what they bring has not to be sent. */
    @ServerEndpoint("/pongs")
    public static final class Pongs {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        /** Created by the container. */
        public Pongs() {}

        /** Answers a message with itself, and says whether a Pong was like it. */
        @OnMessage
        public String message(String message) {
            return seen.contains(message) ? "seen " + message : message;
        }

        /** Takes a Pong. */
        @OnMessage
        public void pong(PongMessage message) {
            seen.add(StandardCharsets.ISO_8859_1
                    .decode(message.getApplicationData())
                    .toString());
        }

        /** Is told of a client that has gone. */
        @OnError
        public void error(Throwable cause) {}
    }

    @FunctionalInterface
    private interface Service {
        void answer(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    @FunctionalInterface
    private interface Task {
        void run(AsyncContext async) throws IOException;
    }

    private static void add(ServletContext context, String path, Service service) {
        Servlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1;
            private final transient Service answer = service;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                answer.answer(request, response);
            }
        };
        ServletRegistration.Dynamic registration = context.addServlet(path, servlet);
        registration.addMapping(path);
        registration.setAsyncSupported(true);
    }

    private static void answer(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.getWriter().print(text);
    }

    // What code behind the filter sees of a request.
    private static void seen(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        for (String attribute : new String[] {"io.github.firmshake.verdict", "io.github.firmshake.examined"}) {
            Object value = request.getAttribute(attribute);
            String type = value == null ? "" : " " + value.getClass().getName();
            out.println(attribute + "=" + value + type);
        }
        out.println(request.getProtocol());
        for (String header : new String[] {"Upgrade", "Connection"}) {
            boolean named = Collections.list(request.getHeaderNames()).stream().anyMatch(header::equalsIgnoreCase);
            out.println(header + "=" + request.getHeader(header) + " " + Collections.list(request.getHeaders(header))
                    + (named ? " named" : " not named"));
        }
    }

    private static RequestDispatcher dispatcher(HttpServletRequest request) {
        return request.getRequestDispatcher("/plain");
    }

    private static void later(HttpServletRequest request, Task task) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0); // the wait below has one
        async.start(() -> {
            try {
                if (!RELEASES.tryAcquire(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("not released within 60 s");
                }
                task.run(async);
                async.complete();
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void overBeforeItReturns(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AsyncContext async = request.startAsync();
        answer(response, 202, "over");
        Thread other = new Thread(async::complete);
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void dispatched(HttpServletRequest request, HttpServletResponse response) {
        request.startAsync().dispatch("/plain");
    }

    private static void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        response.getWriter().print("data: first\n\n");
        response.flushBuffer();
        later(request, async -> {
            PrintWriter out = async.getResponse().getWriter();
            out.print("data: second\n\n");
            out.flush();
        });
    }
}
