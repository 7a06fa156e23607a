package org.apache.seatunnel.connectors.seatunnel.socket.sink;

import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.sink.AbstractSinkWriter;

import java.io.IOException;

public class SocketSinkWriter extends AbstractSinkWriter<SeaTunnelRow, Void> {

    @Override
    public void write(SeaTunnelRow element) throws IOException {
        throw new UnsupportedOperationException("Socket writes nothing yet");
    }

    @Override
    public void close() throws IOException {}
}
