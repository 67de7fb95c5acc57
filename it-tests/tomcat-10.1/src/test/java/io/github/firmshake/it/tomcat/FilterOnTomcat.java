package io.github.firmshake.it.tomcat;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.Container;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.websocket.server.WsSci;

/** The filter, as its listener registers it, on an embedded Tomcat. */
final class FilterOnTomcat implements Container {

    @Override
    public String name() {
        return "filter, " + TomcatServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = TomcatServer.limits();
        limits.put(Limit.HOST, "Tomcat answers a request without one valid Host before any filter");
        limits.put(Limit.PEER, "a filter knows no address but the one that the server gives it");
        return limits;
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        return start(new TomcatServer(), settings, listener);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        TomcatServer server = new TomcatServer();
        server.believeForwardedFor();
        return start(server, Map.of(), listener);
    }

    @Override
    public Running startBare() {
        return bare();
    }

    static Running bare() {
        TomcatServer server = new TomcatServer();
        Context context = server.addContext("");
        install(context, event -> {});
        try {
            return server.start(context);
        } catch (StartFailure e) {
            throw new IllegalStateException(e);
        }
    }

    private static Running start(TomcatServer server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        Context context = server.addContext("");
        settings.forEach((name, value) -> context.addParameter("firmshake." + name, value));
        install(context, listener);
        context.addApplicationListener(FirmshakeListener.class.getName());
        return server.start(context);
    }

    /** Puts the application into a context, with Tomcat's WebSocket support before it. */
    static void install(Context context, HandshakeListener listener) {
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer(
                (classes, servletContext) -> {
                    servletContext.setAttribute(HandshakeListener.class.getName(), listener);
                    Application.install(servletContext);
                },
                null);
        ErrorPage page = new ErrorPage();
        page.setErrorCode(Application.ERROR_WITH_PAGE);
        page.setLocation(Application.ERROR_PAGE);
        context.addErrorPage(page);
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " filter on " + ServerInfo.getServerInfo() + ", context \"\": "
                + settings + "; stands before the container's WebSocket filter";
    }

    @Override
    public String startFailure(String message) {
        return "Firmshake in context \"\": " + message;
    }

    @Override
    public NameCase nameCase() {
        return TomcatServer.nameCase();
    }

    @Override
    public Answer answerTo(String name) {
        return switch (name) {
            case "no Host", "two Hosts" -> new Answer(Answers.to(name).status(), Limit.HOST);
            default -> Answers.to(name);
        };
    }
}
