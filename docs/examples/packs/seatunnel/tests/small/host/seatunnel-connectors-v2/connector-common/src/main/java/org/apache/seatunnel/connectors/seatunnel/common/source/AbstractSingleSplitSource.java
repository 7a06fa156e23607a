package org.apache.seatunnel.connectors.seatunnel.common.source;

import org.apache.seatunnel.api.source.SeaTunnelSource;

public abstract class AbstractSingleSplitSource<T>
        implements SeaTunnelSource<T, SingleSplit, SingleSplit> {

    public abstract AbstractSingleSplitReader<T> createReader(
            SingleSplitReaderContext readerContext) throws Exception;
}
