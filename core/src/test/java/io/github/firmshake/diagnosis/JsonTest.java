package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void valuesAreWrittenInTheirOrder() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", List.of(1, true, "x"));
        map.put("a", null);
        map.put("c", Map.of());
        map.put("d", List.of());

        assertThat(Json.write(map)).isEqualTo("{\"b\":[1,true,\"x\"],\"a\":null,\"c\":{},\"d\":[]}");
    }

    @Test
    void everyCharacterIsReadBackAsItWas() throws JsonProcessingException {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xFFFF; c++) {
            all.append((char) c);
        }

        String written = Json.write(Arrays.asList(all));

        assertThat(written).matches("[ -~]*");
        assertThat(new ObjectMapper().readTree(written).get(0).textValue()).isEqualTo(all.toString());
    }
}
