package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.tomcat.HeartbeatOnTomcat.Adapter;
import java.io.CharArrayWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.valves.AbstractAccessLogValve;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Tomcat's access log says of handshakes that it took. */
class AccessLogIT extends HeartbeatOnTomcat {

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private final class Lines extends AbstractAccessLogValve {
        Lines() {
            setPattern("%s %{Upgrade}i %{Connection}i");
        }

        @Override
        protected void log(CharArrayWriter message) {
            lines.add(message.toString().strip());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FILTER | HTTP/1.1 | Upgrade
            VALVE  | HTTP/1.1 | Upgrade
            FILTER | HTTP/1.1 | keep-alive, Upgrade
            VALVE  | HTTP/1.1 | keep-alive, Upgrade
            FILTER | HTTP/1.0 | close
            VALVE  | HTTP/1.0 | close
            """)
    void hasTheFieldsThatTomcatWentBy(Adapter adapter, String version, String connection) throws Exception {
        start(Set.of(adapter), Map.of(), HeartbeatApplication.App.class);
        server.engine().getPipeline().addValve(new Lines());
        String request = handshake("/app")
                .replace("HTTP/1.1", version)
                .replace("Connection: Upgrade", "Connection: " + connection);

        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(request).status()).isEqualTo(101);
            client.send(Frame.text("whole"));
        }

        assertThat(lines.poll(20, TimeUnit.SECONDS)).isEqualTo("101 websocket Upgrade");
    }
}
