package io.github.firmshake.embedded.boot;

import io.github.firmshake.it.BootOutsideContract;
import org.springframework.boot.SpringApplication;

class BootTomcatOutsideIT extends BootOutsideContract {

    BootTomcatOutsideIT() {
        super(Main.class, "Tomcat");
    }

    /** The recipe as a program. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            SpringApplication.run(BootTomcatIT.Application.class, arguments);
        }
    }
}
