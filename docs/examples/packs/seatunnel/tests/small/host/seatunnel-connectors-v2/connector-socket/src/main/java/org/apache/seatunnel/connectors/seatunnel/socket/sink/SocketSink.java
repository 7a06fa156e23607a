package org.apache.seatunnel.connectors.seatunnel.socket.sink;

import org.apache.seatunnel.api.sink.SinkWriter;
import org.apache.seatunnel.api.table.catalog.CatalogTable;
import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.sink.AbstractSimpleSink;

import java.util.Optional;

public class SocketSink extends AbstractSimpleSink<SeaTunnelRow, Void> {
    private final CatalogTable catalogTable;

    public SocketSink(CatalogTable catalogTable) {
        this.catalogTable = catalogTable;
    }

    @Override
    public SocketSinkWriter createWriter(SinkWriter.Context context) {
        return new SocketSinkWriter();
    }

    @Override
    public String getPluginName() {
        return "Socket";
    }

    @Override
    public Optional<CatalogTable> getWriteCatalogTable() {
        return Optional.ofNullable(catalogTable);
    }
}
