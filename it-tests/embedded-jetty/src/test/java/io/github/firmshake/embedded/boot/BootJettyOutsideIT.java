package io.github.firmshake.embedded.boot;

import io.github.firmshake.it.BootOutsideContract;
import org.springframework.boot.SpringApplication;

class BootJettyOutsideIT extends BootOutsideContract {

    BootJettyOutsideIT() {
        super(Main.class, "Jetty");
    }

    /** The recipe as a program. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            SpringApplication.run(BootJettyIT.Application.class, arguments);
        }
    }
}
