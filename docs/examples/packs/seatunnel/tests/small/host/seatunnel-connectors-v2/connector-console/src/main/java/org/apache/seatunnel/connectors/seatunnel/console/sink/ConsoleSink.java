package org.apache.seatunnel.connectors.seatunnel.console.sink;

import org.apache.seatunnel.api.sink.SinkWriter;
import org.apache.seatunnel.api.table.catalog.CatalogTable;
import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.sink.AbstractSimpleSink;

import java.util.Optional;

public class ConsoleSink extends AbstractSimpleSink<SeaTunnelRow, Void> {
    private final CatalogTable catalogTable;

    public ConsoleSink(CatalogTable catalogTable) {
        this.catalogTable = catalogTable;
    }

    @Override
    public ConsoleSinkWriter createWriter(SinkWriter.Context context) {
        return new ConsoleSinkWriter();
    }

    @Override
    public String getPluginName() {
        return "Console";
    }

    @Override
    public Optional<CatalogTable> getWriteCatalogTable() {
        return Optional.ofNullable(catalogTable);
    }
}
