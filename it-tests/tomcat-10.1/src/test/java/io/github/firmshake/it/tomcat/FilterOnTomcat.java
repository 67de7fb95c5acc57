package io.github.firmshake.it.tomcat;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.websocket.server.WsSci;

/** The filter, as its listener registers it, on an embedded Tomcat. */
final class FilterOnTomcat implements Container {

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        TomcatServer server = new TomcatServer();
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
    public LogCapture log() {
        return JulCapture.lines();
    }

    @Override
    public void logDebug(boolean on) {
        JulCapture.debug(on);
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
        return ServerInfo.getServerNumber().startsWith("10.1.") ? NameCase.LOST : NameCase.CAPITALS_ONLY;
    }

    // Tomcat 10.1 and 11 do not differ here. What is not named is switched.
    @Override
    public Answer answerTo(String name) {
        return switch (name) {
            // Host is the connector's business, which answers without asking the application.
            case "no Host", "two Hosts" -> new Answer(400, true);
            case "Connection: noupgrade",
                    "Connection: keep-alive",
                    "no Connection",
                    "no key",
                    "key abc",
                    "key of 24 characters that are no base64",
                    "key of 15 bytes",
                    "caddy-conn-close.chrome",
                    "haproxy-del-connection.chrome",
                    "haproxy-set-connection-close.chrome",
                    "hyper-pass.poisoned",
                    "nginx-conn-keepalive.chrome",
                    "nginx-no-connection.chrome",
                    "nginx131-no-connection.chrome",
                    "varnish-pipe-noconn.chrome" -> new Answer(400, false);
            case "no Upgrade",
                    "neither Upgrade nor Connection",
                    "HTTP/1.0, Connection: close, no Upgrade",
                    "Upgrade: h2c",
                    "Upgrade: websocket/13",
                    "POST with Content-Length: 0",
                    "apache-close.chrome",
                    "apache-default.chrome",
                    "caddy-del-both.chrome",
                    "haproxy-del-both.chrome",
                    "java-jetty.chrome",
                    "java-scg-mvc.chrome",
                    "nginx-2hop-outer-right.chrome",
                    "nginx-default-xff.chrome",
                    "nginx-default.chrome",
                    "nginx-keepalive.chrome",
                    "nginx-no-upgrade.chrome",
                    "nginx-version-only.chrome",
                    "nginx131-default.chrome",
                    "squid-default.chrome",
                    "varnish-default.chrome",
                    "field-cloudflare-elb-nginx-sso-istio" -> new Answer(404, false);
            case "no version", "no version, Origin there", "version 8", "version 14" -> new Answer(426, false);
            default -> new Answer(101, false);
        };
    }
}
