package org.apache.seatunnel.api.table.connector;

import org.apache.seatunnel.api.source.SeaTunnelSource;
import org.apache.seatunnel.api.source.SourceSplit;

import java.io.Serializable;

public interface TableSource<T, SplitT extends SourceSplit, StateT extends Serializable> {

    SeaTunnelSource<T, SplitT, StateT> createSource();
}
