package org.apache.seatunnel.connectors.seatunnel.kafka.sink;

import org.apache.seatunnel.api.sink.SinkWriter;
import org.apache.seatunnel.api.table.catalog.CatalogTable;
import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.sink.AbstractSimpleSink;

import java.util.Optional;

public class KafkaSink extends AbstractSimpleSink<SeaTunnelRow, Void> {
    private final CatalogTable catalogTable;

    public KafkaSink(CatalogTable catalogTable) {
        this.catalogTable = catalogTable;
    }

    @Override
    public KafkaSinkWriter createWriter(SinkWriter.Context context) {
        return new KafkaSinkWriter();
    }

    @Override
    public String getPluginName() {
        return "Kafka";
    }

    @Override
    public Optional<CatalogTable> getWriteCatalogTable() {
        return Optional.ofNullable(catalogTable);
    }
}
