package org.apache.seatunnel.api.sink;

import org.apache.seatunnel.api.common.PluginIdentifierInterface;
import org.apache.seatunnel.api.table.catalog.CatalogTable;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** The SeaTunnel sink interface. */
public interface SeaTunnelSink<IN, StateT, CommitInfoT, AggregatedCommitInfoT>
        extends Serializable, PluginIdentifierInterface {

    SinkWriter<IN, CommitInfoT, StateT> createWriter(SinkWriter.Context context) throws IOException;

    default SinkWriter<IN, CommitInfoT, StateT> restoreWriter(
            SinkWriter.Context context, List<StateT> states) throws IOException {
        return createWriter(context);
    }

    default Optional<CatalogTable> getWriteCatalogTable() {
        return Optional.empty();
    }
}
