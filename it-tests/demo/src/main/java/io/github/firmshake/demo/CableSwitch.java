package io.github.firmshake.demo;

import io.github.firmshake.demo.chat.ChatEndpoint;
import io.github.firmshake.demo.hop.Cable;
import io.github.firmshake.demo.hop.OwnPages;
import java.util.Optional;

/**
 * The switch that cuts a cable, and what both ends know, for the chat's page. A hop answers it, so it works while the
 * cable is cut: {@code GET /cable}, {@code POST /cable/cut}, {@code POST /cable/plug-in}.
 */
final class CableSwitch implements OwnPages {

    private final Cable cable;

    CableSwitch(Cable cable) {
        this.cable = cable;
    }

    @Override
    public Optional<String> answer(String method, String path) {
        switch (method + " " + path) {
            case "GET /cable" -> {}
            case "POST /cable/cut" -> cable.cut();
            case "POST /cable/plug-in" -> cable.plugIn();
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of("{\"cut\":" + cable.isCut() + ",\"dropped\":" + cable.dropped() + ",\"visitors\":"
                + ChatEndpoint.visitors() + ",\"givenUp\":" + ChatEndpoint.givenUp() + "}\n");
    }
}
