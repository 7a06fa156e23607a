package org.apache.seatunnel.api.source;

import org.apache.seatunnel.api.common.PluginIdentifierInterface;
import org.apache.seatunnel.api.table.catalog.CatalogTable;

import java.io.Serializable;
import java.util.List;

/** The interface for Source. */
public interface SeaTunnelSource<T, SplitT extends SourceSplit, StateT extends Serializable>
        extends Serializable, PluginIdentifierInterface {

    Boundedness getBoundedness();

    List<CatalogTable> getProducedCatalogTables();
}
