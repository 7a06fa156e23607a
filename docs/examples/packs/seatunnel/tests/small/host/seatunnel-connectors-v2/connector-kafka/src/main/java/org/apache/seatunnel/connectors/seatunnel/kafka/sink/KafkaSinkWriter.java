package org.apache.seatunnel.connectors.seatunnel.kafka.sink;

import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.sink.AbstractSinkWriter;

import java.io.IOException;

public class KafkaSinkWriter extends AbstractSinkWriter<SeaTunnelRow, Void> {

    @Override
    public void write(SeaTunnelRow element) throws IOException {
        throw new UnsupportedOperationException("Kafka writes nothing yet");
    }

    @Override
    public void close() throws IOException {}
}
