package io.github.firmshake.dist;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

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

    /** All readable attributes of a bean. */
    Map<String, Object> attributes(String name) throws Exception {
        Map<String, Object> attributes = new TreeMap<>();
        ObjectName bean = new ObjectName(name);
        for (MBeanAttributeInfo attribute : connection().getMBeanInfo(bean).getAttributes()) {
            if (attribute.isWritable()) {
                throw new AssertionError(attribute.getName() + " can be written");
            }
            attributes.put(attribute.getName(), connection().getAttribute(bean, attribute.getName()));
        }
        return attributes;
    }

    private MBeanServerConnection connection() throws Exception {
        return connector.getMBeanServerConnection();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
