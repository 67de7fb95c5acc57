package io.github.firmshake.dist;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.assertj.core.api.Assertions;

/** A JMX connection to a server's process, made as JConsole makes it: no port has to be chosen, and nothing set. */
record Jmx(JMXConnector connector) implements AutoCloseable {

    static Jmx connect(RunningServer server) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(server.pid()));
        try {
            return new Jmx(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    /** Whether there is a bean of that name. */
    boolean has(String name) throws Exception {
        return connection().isRegistered(new ObjectName(name));
    }

    /** The names of all threads. */
    List<String> threads() throws Exception {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(connection(), ThreadMXBean.class);
        return Stream.of(threads.dumpAllThreads(false, false, 0))
                .map(ThreadInfo::getThreadName)
                .toList();
    }

    /** All attributes of the one bean with such a name; {@code *} stands for whatever is there. */
    Map<String, Object> attributes(String pattern) throws Exception {
        Map<String, Object> attributes = new TreeMap<>();
        Set<ObjectName> names = connection().queryNames(new ObjectName(pattern), null);
        if (names.size() != 1) {
            throw new AssertionError(pattern + " matches " + names);
        }
        ObjectName bean = names.iterator().next();
        for (MBeanAttributeInfo attribute : connection().getMBeanInfo(bean).getAttributes()) {
            attributes.put(attribute.getName(), connection().getAttribute(bean, attribute.getName()));
        }
        return attributes;
    }

    /** The same once they are as wanted: what is counted for a line or a frame may be counted a moment after it. */
    Map<String, Object> await(String pattern, Predicate<Map<String, Object>> wanted) throws Exception {
        long end = System.nanoTime() + RunningServer.PATIENCE.toNanos();
        Map<String, Object> attributes = attributes(pattern);
        while (!wanted.test(attributes) && System.nanoTime() < end) {
            Thread.sleep(50);
            attributes = attributes(pattern);
        }
        Assertions.assertThat(attributes).as("within " + RunningServer.PATIENCE).matches(wanted);
        return attributes;
    }

    /** The same once so many messages are among them, which are the last to be counted. */
    Map<String, Object> awaitMessages(String pattern, int count) throws Exception {
        return await(pattern, all -> ((String[]) all.get("lastMessages")).length >= count);
    }

    private MBeanServerConnection connection() throws Exception {
        return connector.getMBeanServerConnection();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
