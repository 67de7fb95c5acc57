package io.github.firmshake.it.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.filter.FirmshakeFilter;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.it.JulCapture;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.core.ServletContainerImpl;
import org.junit.jupiter.api.Test;

/** Undertow initializes a declared filter with the first request: its settings are looked at before. */
class DeclaredFilterIT {

    @Test
    void aBadSettingFailsTheDeploymentAndNotTheFirstRequest() {
        DeploymentManager deployment = new ServletContainerImpl()
                .addDeployment(Servlets.deployment()
                        .setClassLoader(DeclaredFilterIT.class.getClassLoader())
                        .setContextPath("")
                        .setDeploymentName("declared")
                        .addFilter(Servlets.filter("handshakes", FirmshakeFilter.class)
                                .addInitParam("repiar", "off"))
                        .addListener(Servlets.listener(FirmshakeListener.class)));

        assertThatThrownBy(deployment::deploy)
                .hasStackTraceContaining(
                        "Firmshake in context \"\": unknown setting repiar=\"off\", did you mean repair?");

        assertThat(JulCapture.lines().restOfConfiguration()).isEmpty();
    }
}
